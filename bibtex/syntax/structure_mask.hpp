#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

inline constexpr std::uint32_t mask_bytes = 64;     // a mask is one bit a byte
inline constexpr std::uint32_t window_words = 256;  // masks in a window: 16 KiB of text

// Where the bytes that matter stand in a window of text: bit i of word w speaks of byte 64 w + i. One word
// more than the window has, so that 64 bits can be read from any place.
struct StructureMasks {
  using Words = std::array<std::uint64_t, window_words + 1>;
  Words braced_stop;  // { } @
  Words quoted_stop;  // { } @ "
  Words not_in_name;  // what ends a name
  Words white_space;  // space, tab, line feed, carriage return
  Words odd;          // bytes from 0x80 up and some control bytes: encoding is checked there
};

// The ways to compute masks. All give the same result; which ones exist depends on the processor.
enum class MaskKernel : std::uint8_t { scalar, avx2, avx512 };

bool is_available(MaskKernel kernel);
MaskKernel best_kernel();

// Fills the masks for `text`, at most a window of it; all bits past its end are clear up to the end of the
// word after it. The kernel must be available.
void compute_masks(MaskKernel kernel, std::string_view text, StructureMasks& masks);

}  // namespace bibsmith::bibtex
