#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

inline constexpr std::uint32_t mask_bytes = 64;     // a mask is one bit a byte
inline constexpr std::uint32_t window_words = 128;  // masks of a kind in a window: 8 KiB of text

// One bit for each byte of a window of text.
using Mask = std::array<std::uint64_t, window_words + 2>;

// Where the bytes that matter stand in a window of text. A mask has two words more than the window, which are
// clear, so that 64 bits can be read from any place, by words or by bytes.
struct StructureMasks {
  Mask stop;             // { } @ "
  Mask equals;           // =
  Mask not_in_name;      // what ends a name
  Mask not_white_space;  // all but space, tab, line feed, carriage return
  Mask odd;              // bytes from 0x80 up and some control bytes: encoding is checked there
  // Where something begins: a byte that is in no name, and what stands behind one; but not white space. The
  // window itself begins behind such a byte.
  Mask begins;
  // The places of all stops in order, so that a reader can go from one to the next without waiting for the
  // masks in between. A kernel may write a few more behind them.
  std::array<std::uint32_t, (window_words + 1) * mask_bytes> stops;
  std::uint32_t stop_count = 0;
  bool has_odd = false;  // whether any bit of `odd` is set
};

// The ways to compute masks. All give the same result; which ones exist depends on the processor.
enum class MaskKernel : std::uint8_t { scalar, avx2, avx512 };

bool is_available(MaskKernel kernel);
MaskKernel best_kernel();

// Fills the masks for `text`, at most a window of it that begins at `begin` of a whole; all bits past its end
// are clear up to the end of the second word after it. The kernel must be available.
void compute_masks(MaskKernel kernel, std::string_view text, std::uint32_t begin, StructureMasks& masks);

}  // namespace bibsmith::bibtex
