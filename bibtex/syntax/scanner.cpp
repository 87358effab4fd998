#include "bibtex/syntax/scanner.hpp"

#include <algorithm>
#include <span>

#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/utf8.hpp"

namespace bibsmith::bibtex {

static_assert(window_words > 8);

namespace {

// Those bits of the 64 places from `begin` on that stand for `place` or one behind it.
std::uint64_t from_place(std::uint64_t bits, std::uint32_t begin, std::uint32_t place) {
  if (place <= begin) return bits;
  return place - begin < mask_bytes ? bits >> (place - begin) << (place - begin) : 0;
}

// Whether a UTF-8 sequence of two bytes stands at `at`.
bool is_of_two_bytes(std::string_view text, std::uint32_t at) {
  if (at + 1 >= text.size()) return false;
  const auto first = static_cast<unsigned char>(text[at]);
  return first >= 0xC2 && first < 0xE0 && (static_cast<unsigned char>(text[at + 1]) & 0xC0u) == 0x80u;
}

}  // namespace

Scanner::Scanner(std::string_view text, MaskKernel kernel)
    : text_(text),
      size_(static_cast<std::uint32_t>(text.size())),
      words_((size_ + mask_bytes - 1) / mask_bytes),
      kernel_(kernel),
      soft_end_(size_) {}

void Scanner::move_window_to(std::uint32_t word) {
  first_word_ = word;
  end_word_ = std::min(words_, word + window_words);
  const std::size_t begin = std::size_t{first_word_} * mask_bytes;
  const std::size_t end = std::min<std::size_t>(size_, std::size_t{end_word_} * mask_bytes);
  // The word after the window is of no use unless the text ends there: then it is rightly clear.
  usable_words_ = end_word_ - first_word_ - (end_word_ == words_ ? 0 : 1);
  well_held_end_ = end_word_ == words_ ? size_ + 1 : (end_word_ - 4) * mask_bytes;
  furthest_ = std::max(furthest_, static_cast<std::uint32_t>(end));
  compute_masks(kernel_, text_.substr(begin, end - begin), first_word_ * mask_bytes, masks_);
  check_window();
}

void Scanner::check_encoding_to(std::uint32_t end) {
  while (checked_ < end) {
    hold(checked_);
    check_window();
  }
}

void Scanner::check_window() {
  const std::uint32_t end = std::min(size_, end_word_ * mask_bytes);
  if (checked_ / mask_bytes < first_word_) return;  // there is a gap: check_encoding_to closes it
  std::uint32_t checked = checked_;
  for (std::uint32_t word = checked / mask_bytes; masks_.has_odd && word < end_word_; ++word) {
    const std::uint32_t begin = word * mask_bytes;
    std::uint64_t bits = from_place(masks_.odd[word - first_word_], begin, checked);
    while (bits != 0) {
      const std::uint32_t at = begin + static_cast<std::uint32_t>(std::countr_zero(bits));
      // Nearly all are letters of two bytes.
      checked = is_of_two_bytes(text_, at) ? at + 2 : end_of_checked(at);
      bits = from_place(bits, begin, checked);
    }
  }
  checked_ = std::max(checked, end);
}

std::uint32_t Scanner::end_of_checked(std::uint32_t at) {
  const char c = text_[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    const std::size_t length = utf8_length(text_.substr(at));
    if (length != 0) return at + static_cast<std::uint32_t>(length);
    report(SyntaxProblem::invalid_utf8, {at, at + 1}, reported_utf8_);
  } else if (c == '\0') {
    report(SyntaxProblem::nul_byte, {at, at + 1}, reported_nul_);
  } else if (c == '\x1b' && at + 1 < size_ && text_[at + 1] == '$') {
    // ISO-2022-JP announces its two-byte codes by ESC $ B or ESC $ @ (RFC 1468).
    report(SyntaxProblem::iso_2022, {at, at + 2}, reported_iso_);
  }
  return at + 1;
}

void Scanner::report(SyntaxProblem problem, Span span, std::uint32_t& reported) {
  const std::uint32_t before = reported;
  reported = span.begin;
  if (before != UINT32_MAX) {
    const std::string_view between = text_.substr(before, span.begin - before);
    if (between.find_first_of("\r\n") == between.npos) return;  // one finding a line
  }
  if (findings_.size() < findings_max) findings_.push_back(Finding{problem, span});
}

}  // namespace bibsmith::bibtex
