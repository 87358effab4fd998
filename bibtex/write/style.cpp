#include "bibtex/write/style.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::uint32_t sampled_entries_max = 400;
constexpr std::uint32_t counted_values_max = 64;  // distinct values of one trait

// Counts what is seen of one trait and answers what is seen most; of two seen as often, the lesser. The
// values are few: each entry that is edited is measured, and looking through them costs less than a tree of
// them.
template <typename T>
class Tally {
 public:
  void add(const T& seen) {
    ++total_;
    for (Count& count : counts_) {
      if (count.value == seen) return void(++count.times);
    }
    if (counts_.size() < counted_values_max) counts_.push_back({seen, 1});
  }

  std::optional<T> winner() const { return winner_over(0); }

  // The winner if more than `percent` of all that was seen agrees.
  std::optional<T> winner_over(std::uint32_t percent) const {
    const auto best = std::max_element(counts_.begin(), counts_.end(), [](const Count& a, const Count& b) {
      return a.times != b.times ? a.times < b.times : b.value < a.value;
    });
    if (best == counts_.end() || best->times * 100 <= total_ * percent) return std::nullopt;
    return best->value;
  }

  std::size_t distinct() const { return counts_.size(); }

 private:
  struct Count {
    T value;
    std::uint32_t times = 0;
  };
  std::vector<Count> counts_;
  std::uint32_t total_ = 0;
};

LetterCase case_of(std::string_view word) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  if (std::none_of(word.begin(), word.end(), is_upper)) return LetterCase::lower;
  if (std::none_of(word.begin(), word.end(), is_lower)) return LetterCase::upper;
  return is_upper(word.front()) ? LetterCase::capitalized : LetterCase::lower;  // "archivePrefix"
}

// The blanks between the line's start and `at`, or nothing if something else stands there.
std::optional<std::string> indent_before(std::string_view text, std::uint32_t at) {
  std::uint32_t begin = at;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  if (begin > 0 && !is_line_end(text[begin - 1])) return std::nullopt;
  return std::string(text.substr(begin, at - begin));
}

class Measure {
 public:
  explicit Measure(const Document& document) : document_(document), text_(document.text()) {}

  void add_entry(const Block& entry) {
    type_case_.add(case_of(document_.text(entry.type)));
    std::uint32_t last = entry.key.end;
    for (const FieldNode& field : document_.fields(entry)) {
      add_field(field);
      last = std::max(last, field.value.end);
    }
    if (!entry.is_closed || entry.first_field == entry.end_field) return;
    const std::uint32_t close = entry.span.end - 1;
    std::uint32_t before = close;
    while (before > last && is_white_space(text_[before - 1])) --before;
    trailing_comma_.add(before > last && text_[before - 1] == ',');
    const auto close_indent = indent_before(text_, close);
    close_on_line_.add(close_indent.has_value());
    if (close_indent) close_indent_.add(*close_indent);
  }

  // The blank lines between an entry and the next block.
  void add_separator(const Block& junk) {
    const std::string_view between = document_.text(junk.span);
    if (!std::all_of(between.begin(), between.end(), is_white_space)) return;
    const auto lines = std::count(between.begin(), between.end(), '\n');
    if (lines > 0 && lines < 10) blank_lines_.add(static_cast<std::uint32_t>(lines - 1));
  }

  Style result(Style style) const {
    style.type_case = type_case_.winner().value_or(style.type_case);
    style.name_case = name_case_.winner().value_or(style.name_case);
    style.has_fields_on_lines = on_lines_.winner().value_or(style.has_fields_on_lines);
    style.indent = indent_.winner().value_or(style.indent);
    set_columns(style);
    style.has_quotes = quotes_.winner().value_or(style.has_quotes);
    style.has_bare_numbers = bare_numbers_.winner().value_or(style.has_bare_numbers);
    style.has_trailing_comma = trailing_comma_.winner().value_or(style.has_trailing_comma);
    style.has_close_on_line = close_on_line_.winner().value_or(style.has_close_on_line);
    style.close_indent = close_indent_.winner().value_or(style.close_indent);
    style.blank_lines = blank_lines_.winner().value_or(style.blank_lines);
    return style;
  }

 private:
  void add_field(const FieldNode& field) {
    if (field.name.empty() || field.value.empty()) return;
    name_case_.add(case_of(document_.text(field.name)));
    const auto indent = indent_before(text_, field.name.begin);
    on_lines_.add(indent.has_value());
    if (indent) indent_.add(*indent);

    const std::size_t equals = text_.find('=', field.name.end);
    if (equals == text_.npos || equals >= field.value.begin) return;
    const auto equals_at = static_cast<std::uint32_t>(equals);
    name_size_.add(field.name.size());
    equals_column_.add(equals_at - field.name.begin);
    value_column_.add(field.value.begin - field.name.begin);
    before_equals_.add(equals_at - field.name.end);
    after_equals_.add(field.value.begin - equals_at - 1);

    for (const PieceNode& piece : document_.pieces(field)) {
      const std::string_view inner = document_.text(piece.inner);
      const bool is_number = !inner.empty() && std::all_of(inner.begin(), inner.end(), is_digit);
      if (piece.kind == PieceKind::macro) continue;
      if (is_number) bare_numbers_.add(piece.kind == PieceKind::number);
      if (piece.kind != PieceKind::number) quotes_.add(piece.kind == PieceKind::quoted);
    }
  }

  // '=' is aligned if it stands in one column after names of several lengths; else perhaps the values are.
  void set_columns(Style& style) const {
    if (name_size_.distinct() == 0) return;
    style.equals_column = 0;
    style.value_column = 0;
    style.blanks_before_equals = before_equals_.winner().value_or(style.blanks_before_equals);
    style.blanks_after_equals = after_equals_.winner().value_or(style.blanks_after_equals);
    if (name_size_.distinct() == 1) return;
    constexpr std::uint32_t most = 60;
    const bool has_fixed_blanks = before_equals_.winner_over(most) && after_equals_.winner_over(most);
    if (has_fixed_blanks) return;
    if (const auto column = equals_column_.winner_over(most)) {
      style.equals_column = *column;
      style.blanks_before_equals = std::min(style.blanks_before_equals, 1u);
    } else if (const auto value = value_column_.winner_over(most)) {
      style.value_column = *value;
      style.blanks_after_equals = std::min(style.blanks_after_equals, 1u);
    }
  }

  const Document& document_;
  std::string_view text_;
  Tally<LetterCase> type_case_;
  Tally<LetterCase> name_case_;
  Tally<bool> on_lines_;
  Tally<std::string> indent_;
  Tally<std::uint32_t> name_size_;
  Tally<std::uint32_t> equals_column_;
  Tally<std::uint32_t> value_column_;
  Tally<std::uint32_t> before_equals_;
  Tally<std::uint32_t> after_equals_;
  Tally<bool> quotes_;
  Tally<bool> bare_numbers_;
  Tally<bool> trailing_comma_;
  Tally<bool> close_on_line_;
  Tally<std::string> close_indent_;
  Tally<std::uint32_t> blank_lines_;
};

// The line end that most of the first lines have.
std::string measure_line_end(std::string_view text) {
  constexpr std::size_t sampled_bytes_max = 1 << 16;
  text = text.substr(0, sampled_bytes_max);
  std::size_t feeds = 0;
  std::size_t pairs = 0;
  std::size_t returns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      i > 0 && text[i - 1] == '\r' ? ++pairs : ++feeds;
    } else if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] != '\n') {
      ++returns;
    }
  }
  if (pairs > feeds && pairs >= returns) return "\r\n";
  return returns > feeds ? "\r" : "\n";
}

}  // namespace

Style measure_style(const Document& document) {
  Measure measure(document);
  const std::uint32_t step = document.blocks().size() / (2 * sampled_entries_max) + 1;
  std::uint32_t entries = 0;
  for (std::uint32_t i = 0; i < document.blocks().size() && entries < sampled_entries_max;) {
    const Block block = document.block(i);
    if (block.kind != BlockKind::entry) {
      ++i;
      continue;
    }
    ++entries;
    measure.add_entry(block);
    if (i + 2 < document.blocks().size() && document.block(i + 1).kind == BlockKind::junk) {
      measure.add_separator(document.block(i + 1));
    }
    i += step;
  }
  Style style;
  style.line_end = measure_line_end(document.text());
  return measure.result(style);
}

Style measure_entry_style(const Document& document, const Block& entry, const Style& rest) {
  Measure measure(document);
  measure.add_entry(entry);
  return measure.result(rest);
}

std::string in_case(std::string_view word, LetterCase letter_case) {
  std::string out(word);
  if (letter_case == LetterCase::upper) {
    for (char& c : out) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
  }
  for (char& c : out) c = lower(c);
  if (letter_case == LetterCase::lower || out.empty()) return out;
  // The types that those who write capitals write with two (JabRef, Emacs).
  constexpr std::array<std::string_view, 6> two_capitals = {"InProceedings", "InCollection", "InBook",
                                                            "MastersThesis", "PhdThesis",    "TechReport"};
  for (const std::string_view type : two_capitals) {
    if (equal_ignoring_case(type, word)) return std::string(type);
  }
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace bibsmith::bibtex
