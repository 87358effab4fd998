#include "bibtex/syntax/scanner.hpp"

#include <algorithm>
#include <span>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/utf8.hpp"
#include "bibtex/syntax/utf8_word.hpp"

namespace bibsmith::bibtex {

static_assert(window_words > 8);

namespace {

// Those bits of the 64 places from `begin` on that stand for `place` or one behind it.
std::uint64_t from_place(std::uint64_t bits, std::uint32_t begin, std::uint32_t place) {
  if (place <= begin) return bits;
  return place - begin < mask_bytes ? bits >> (place - begin) << (place - begin) : 0;
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
  for (std::uint32_t word = checked_ / mask_bytes; masks_.has_odd && word < end_word_; ++word) {
    const std::uint64_t odd = masks_.odd[word - first_word_];
    if (odd != 0) check_word(word * mask_bytes, odd);
  }
  checked_ = std::max(checked_, end);
}

void Scanner::check_word(std::uint32_t begin, std::uint64_t odd) {
  std::uint64_t bits = from_place(odd, begin, checked_);
  if (size_ - begin >= mask_bytes) bits = unusual_in_utf8(text_.data() + begin, bits);
  while (bits != 0) {
    const std::uint32_t at = begin + static_cast<std::uint32_t>(std::countr_zero(bits));
    const bool is_known = at < reported_line_end_ && static_cast<unsigned char>(text_[at]) >= 0x80;
    checked_ = is_known ? at + 1 : end_of_checked(at);
    bits = is_known ? bits & (bits - 1) : from_place(bits, begin, checked_);
  }
}

std::uint32_t Scanner::end_of_checked(std::uint32_t at) {
  // Where a byte is no UTF-8, most that follow on its line are none: so far they are not looked at.
  constexpr std::uint32_t known_bytes = 256;
  const char c = text_[at];
  if (static_cast<unsigned char>(c) >= 0x80) {
    const std::size_t length = utf8_length(text_.substr(at));
    if (length != 0) return at + static_cast<std::uint32_t>(length);
    report(SyntaxProblem::invalid_utf8, {at, at + 1}, reported_utf8_);
    reported_line_end_ = end_of_line(text_.substr(0, at + known_bytes), at);
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
    if (std::none_of(between.begin(), between.end(), is_line_end)) return;  // one finding a line
  }
  if (findings_.size() < findings_max) findings_.push_back(Finding{problem, span});
}

}  // namespace bibsmith::bibtex
