#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/hot_code.hpp"
#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// Finds the next byte of a kind in a text, 64 bytes at a time. Masks are computed for a window of 8 KiB that
// stays in the first-level cache and moves with the reader. Encoding is checked once, where the window goes.
// Holds a view of the text: lives no longer than one parse.
class Scanner {
 public:
  Scanner(std::string_view text, MaskKernel kernel);

  // The first place at or after `from` that the mask names, or the end of the text.
  std::uint32_t next_braced_stop(std::uint32_t from) {  // { } @
    std::uint32_t at = next_quoted_stop(from);
    while (at < size_ && text_[at] == '"') at = next_quoted_stop(at + 1);
    return at;
  }
  std::uint32_t next_quoted_stop(std::uint32_t from) { return next<&StructureMasks::stop>(from); }
  // In [from, end) only, or `end`.
  std::uint32_t next_equals(std::uint32_t from, std::uint32_t end) {
    return next<&StructureMasks::equals>(from, end);
  }
  std::uint32_t end_of_name(std::uint32_t from) { return next<&StructureMasks::not_in_name>(from); }
  std::uint32_t end_of_white_space(std::uint32_t from) {
    return next<&StructureMasks::not_white_space>(from);
  }

  // For one who reads the window itself: makes the window begin in the word of `at`, unless it does.
  void start_window_at(std::uint32_t at) {
    if (at / mask_bytes != first_word_ || usable_words_ == 0) move_window_to(at / mask_bytes);
  }
  // Whether the window holds the masks of `at` and of all places up to 192 bytes behind it, or all there are.
  bool holds_well(std::uint32_t at) const { return at >= first_word_ * mask_bytes && at < well_held_end_; }
  std::uint32_t window_begin() const { return first_word_ * mask_bytes; }
  std::uint32_t well_held_end() const { return well_held_end_; }
  // A mask of the `near_bytes` bytes from `at` on, which the window must hold well; all bits behind these are
  // set. Only where bytes go from the low to the high end of a word, as they do wherever a kernel but the
  // scalar one is there.
  static constexpr std::uint32_t near_bytes = 57;  // what eight bytes hold wherever in the first they begin
  template <Mask StructureMasks::*mask>
  BIBSMITH_HOT std::uint64_t near(std::uint32_t at) const {
    std::uint64_t bytes = 0;
    const auto* begin = reinterpret_cast<const char*>((masks_.*mask).data());
    std::memcpy(&bytes, begin + (at / 8 - first_word_ * 8), sizeof bytes);
    return bytes >> (at % 8) | ~std::uint64_t{0} << near_bytes;
  }
  // The places of { } @ " in the window.
  const std::uint32_t* stops() const { return masks_.stops.data(); }
  std::uint32_t stop_count() const { return masks_.stop_count; }
  MaskKernel kernel() const { return kernel_; }

  // How far the reader has looked, or a little less far than this.
  std::uint32_t furthest() const { return furthest_; }
  // Whether it has looked at or past `soft_end`, the end of the text if no other is set: more text there
  // might have been read otherwise.
  bool has_touched_end() const { return has_touched_end_; }
  void set_soft_end(std::uint32_t soft_end) { soft_end_ = soft_end; }
  // For what looks at the text by itself.
  std::uint32_t touch(std::size_t at) {
    if (at >= soft_end_) has_touched_end_ = true;
    const auto to = static_cast<std::uint32_t>(at < size_ ? at : size_);
    if (to > furthest_) furthest_ = to;
    return to;
  }

  // Makes sure that the encoding of all bytes up to `end` is checked.
  void check_encoding_to(std::uint32_t end);
  // What is wrong with the bytes: at most one finding of each kind a line.
  const std::vector<Finding>& encoding_findings() const { return findings_; }
  // Findings about bytes from `from` on only.
  void start_encoding_at(std::uint32_t from) { checked_ = from; }

 private:
  // The first place in [from, end) that the mask names, or `end`.
  template <Mask StructureMasks::*mask>
  std::uint32_t next(std::uint32_t from, std::uint32_t end);
  template <Mask StructureMasks::*mask>
  std::uint32_t next(std::uint32_t from) {
    return next<mask>(from, size_);
  }
  // A mask of the 64 bytes from `at` on, which the window must hold.
  template <Mask StructureMasks::*mask>
  std::uint64_t bits(std::uint32_t at) const {
    const std::uint64_t* word = (masks_.*mask).data() + (at / mask_bytes - first_word_);
    const std::uint32_t shift = at % mask_bytes;
    return word[0] >> shift | word[1] << 1 << (mask_bytes - 1 - shift);
  }
  // Moves the window, if need be, so that it holds the 64 bytes from `at` on.
  BIBSMITH_HOT void hold(std::uint32_t at) {
    if (at / mask_bytes - first_word_ >= usable_words_) [[unlikely]]
      move_window_to(at / mask_bytes);
  }
  BIBSMITH_COLD void move_window_to(std::uint32_t word);
  void check_window();
  // The same of a word that begins at `begin`, where these bytes are odd.
  void check_word(std::uint32_t begin, std::uint64_t odd);
  // Reports what is wrong with the odd byte at `at`; returns the end of the sequence that it begins.
  std::uint32_t end_of_checked(std::uint32_t at);
  void report(SyntaxProblem problem, Span span, std::uint32_t& reported);

  std::string_view text_;
  std::uint32_t size_;
  std::uint32_t words_;
  MaskKernel kernel_;
  std::uint32_t first_word_ = 0;    // of the window
  std::uint32_t usable_words_ = 0;  // from which 64 bits on can be read; the word after the window is no more
  std::uint32_t end_word_ = 0;
  std::uint32_t well_held_end_ = 0;
  std::uint32_t furthest_ = 0;
  std::uint32_t soft_end_;
  bool has_touched_end_ = false;
  std::uint32_t checked_ = 0;  // encoding is checked up to here
  std::uint32_t reported_utf8_ = UINT32_MAX;
  std::uint32_t reported_line_end_ = 0;  // up to here no line ends behind that one
  std::uint32_t reported_nul_ = UINT32_MAX;
  std::uint32_t reported_iso_ = UINT32_MAX;
  StructureMasks masks_;
  std::vector<Finding> findings_;
};

template <Mask StructureMasks::*mask>
inline std::uint32_t Scanner::next(std::uint32_t from, std::uint32_t end) {
  if (from >= end) return touch(end);
  hold(from);
  std::uint64_t found = bits<mask>(from);
  while (found == 0) {
    from += mask_bytes;
    if (from >= end) return touch(end);
    hold(from);
    found = bits<mask>(from);
  }
  const std::uint32_t at = std::min(end, from + static_cast<std::uint32_t>(std::countr_zero(found)));
  return at < soft_end_ ? at : touch(at);
}

}  // namespace bibsmith::bibtex
