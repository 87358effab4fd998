#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// Finds the next byte of a kind in a text, 64 bytes at a time. Masks are computed for a window of 16 KiB that
// stays in the first-level cache and moves with the reader. Encoding is checked once, where the window goes.
// Holds a view of the text: lives no longer than one parse.
class Scanner {
 public:
  Scanner(std::string_view text, MaskKernel kernel);

  // The first place at or after `from` that the mask names, or the end of the text.
  std::uint32_t next_braced_stop(std::uint32_t from) { return next(&StructureMask::braced_stop, from); }
  std::uint32_t next_quoted_stop(std::uint32_t from) { return next(&StructureMask::quoted_stop, from); }
  std::uint32_t end_of_name(std::uint32_t from) { return next(&StructureMask::not_in_name, from); }
  std::uint32_t end_of_white_space(std::uint32_t from);

  // Makes sure that the encoding of all bytes up to `end` is checked.
  void check_encoding_to(std::uint32_t end);
  // What is wrong with the bytes: at most one finding of each kind a line.
  const std::vector<Diagnostic>& encoding_diagnostics() const { return diagnostics_; }
  // Findings about bytes from `from` on only.
  void start_encoding_at(std::uint32_t from) { checked_ = from; }

 private:
  static constexpr std::uint32_t window_words = 256;

  std::uint32_t next(std::uint64_t StructureMask::*mask, std::uint32_t from);
  const StructureMask& mask_of(std::uint32_t word);
  void move_window_to(std::uint32_t word);
  void check_window();
  void check_byte(std::uint32_t at);
  void report(SyntaxProblem problem, Span span, std::uint32_t& reported);

  std::string_view text_;
  std::uint32_t size_;
  std::uint32_t words_;
  MaskKernel kernel_;
  std::uint32_t first_word_ = 0;  // of the window
  std::uint32_t end_word_ = 0;
  std::uint32_t checked_ = 0;  // encoding is checked up to here
  std::uint32_t reported_utf8_ = UINT32_MAX;
  std::uint32_t reported_nul_ = UINT32_MAX;
  std::uint32_t reported_iso_ = UINT32_MAX;
  std::array<StructureMask, window_words> window_;
  std::vector<Diagnostic> diagnostics_;
};

inline const StructureMask& Scanner::mask_of(std::uint32_t word) {
  if (word - first_word_ >= end_word_ - first_word_) move_window_to(word);
  return window_[word - first_word_];
}

inline std::uint32_t Scanner::next(std::uint64_t StructureMask::*mask, std::uint32_t from) {
  if (from >= size_) return size_;
  std::uint32_t word = from / mask_bytes;
  std::uint64_t bits = mask_of(word).*mask & ~std::uint64_t{0} << (from % mask_bytes);
  while (bits == 0) {
    if (++word >= words_) return size_;
    bits = mask_of(word).*mask;
  }
  return word * mask_bytes + static_cast<std::uint32_t>(std::countr_zero(bits));
}

inline std::uint32_t Scanner::end_of_white_space(std::uint32_t from) {
  if (from >= size_) return size_;
  std::uint32_t word = from / mask_bytes;
  std::uint64_t bits = ~mask_of(word).white_space & ~std::uint64_t{0} << (from % mask_bytes);
  while (bits == 0) {
    if (++word >= words_) return size_;
    bits = ~mask_of(word).white_space;
  }
  // The bits past the end of the text are not white space.
  const std::uint32_t at = word * mask_bytes + static_cast<std::uint32_t>(std::countr_zero(bits));
  return at < size_ ? at : size_;
}

}  // namespace bibsmith::bibtex
