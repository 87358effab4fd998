#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

inline constexpr std::uint32_t mask_bytes = 64;     // a mask is one bit a byte
inline constexpr std::uint32_t window_words = 128;  // masks of a kind in a window: 8 KiB of text

// Where the bytes that matter stand in 64 bytes of text: bit i speaks of byte i. One cache line.
struct alignas(64) MaskWord {
  std::uint64_t braced_stop;  // { } @
  std::uint64_t quoted_stop;  // { } @ "
  std::uint64_t equals;       // =
  std::uint64_t not_in_name;  // what ends a name
  std::uint64_t white_space;  // space, tab, line feed, carriage return
  std::uint64_t odd;          // bytes from 0x80 up and some control bytes: encoding is checked there

  friend bool operator==(const MaskWord&, const MaskWord&) = default;
};

// The masks of a window of text.
struct StructureMasks {
  // One word more than the window has, so that 64 bits can be read from any place.
  std::array<MaskWord, window_words + 1> words;
  // The places of all `quoted_stop` in order, so that a reader can go from one to the next without waiting
  // for the masks in between. A kernel may write a few more behind them.
  std::array<std::uint32_t, (window_words + 1) * mask_bytes> stops;
  std::uint32_t stop_count = 0;
  bool has_odd = false;  // whether any bit of `odd` is set
};

// The ways to compute masks. All give the same result; which ones exist depends on the processor.
enum class MaskKernel : std::uint8_t { scalar, avx2, avx512 };

bool is_available(MaskKernel kernel);
MaskKernel best_kernel();

// Fills the masks for `text`, at most a window of it that begins at `begin` of a whole; all bits past its end
// are clear up to the end of the word after it. The kernel must be available.
void compute_masks(MaskKernel kernel, std::string_view text, std::uint32_t begin, StructureMasks& masks);

}  // namespace bibsmith::bibtex
