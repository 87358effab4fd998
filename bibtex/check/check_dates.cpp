#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "bibtex/check/findings.hpp"
#include "bibtex/model/date.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// What people write for the year of a work that has none yet, or none at all.
constexpr std::array no_year_words = std::to_array<std::string_view>(
    {"to appear", "forthcoming", "in press", "submitted", "accepted", "n.d.", "in preparation", "undated",
     "in review", "under review", "no date", "preprint", "date unknown"});

std::size_t longest_digits(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = is_digit(c) ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

void check_year(const EntryCheck& check, const FieldNode& field) {
  const std::string text = check.macros.value_text(check.document, field);
  if (text.empty() || text.find('\\') != std::string::npos) return;  // \noopsort{1973}{1968}
  const std::string year = in_lower_case(to_unicode(text));
  const std::size_t digits = longest_digits(year);
  const bool has_words = std::any_of(no_year_words.begin(), no_year_words.end(), [&](std::string_view words) {
    return year.find(words) != std::string::npos;
  });
  if (digits == 4 || has_words) return;
  const bool is_number = std::all_of(year.begin(), year.end(), is_digit);
  const std::string reason = is_number && digits <= 2 ? ": write all four digits" : "";
  check.findings.add("check.bad-year", Severity::warning, text_span(check.document, field),
                     "year is " + in_quotes(text) + reason);
}

// Whether the value names months by their macros, which every style can spell in its own way.
bool has_month_macro(const EntryCheck& check, const FieldNode& field) {
  const std::vector<PieceNode> pieces = check.document.pieces(field);
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const PieceNode& piece) { return piece.kind == PieceKind::macro; });
}

// Whether a month or season stands anywhere in it: "1~January", "Jul./Aug.", "Spring".
bool names_month(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto is_letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
    while (at < text.size() && !is_letter(text[at])) ++at;
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string word = in_lower_case(text.substr(at, end - at));
    if (parse_month(word) != 0 || word == "sept" || word == "spring" || word == "summer" ||
        word == "autumn" || word == "fall" || word == "winter") {
      return true;
    }
    at = end;
  }
  return false;
}

void check_month(const EntryCheck& check, const FieldNode& field) {
  const std::string text = check.macros.value_text(check.document, field);
  if (text.empty() || has_month_macro(check, field)) return;
  const std::string month = to_unicode(text);
  const Span span = text_span(check.document, field);
  const std::uint8_t number = parse_month(month);
  const bool is_number = std::all_of(month.begin(), month.end(), is_digit);
  if (is_number && number >= 1) return;
  if (!is_number && month.size() == 3 && number >= 1) {
    check.findings.add("check.month-macro", Severity::note, span,
                       "write " + in_lower_case(month) + " without delimiters: styles spell that macro out");
    return;
  }
  if (!is_number && names_month(month)) return;
  // A word may be a month of another language: biber cannot sort by it, BibTeX prints it as it is.
  const bool is_note = !is_number && check.dialect == Dialect::bibtex;
  check.findings.add("check.bad-month", is_note ? Severity::note : Severity::warning, span,
                     "month is " + in_quotes(text));
}

void check_date(const EntryCheck& check, const FieldNode& field, std::string_view name) {
  const std::string text = check.macros.value_text(check.document, field);
  if (text.empty() || parse_date(text)) return;
  // In a BibTeX file `date` is a note of the user's own, which no style reads.
  const Severity severity = check.dialect == Dialect::biblatex ? Severity::warning : Severity::note;
  check.findings.add("check.bad-date", severity, text_span(check.document, field),
                     std::string(name) + " is " + in_quotes(text) + ": write YYYY, YYYY-MM or YYYY-MM-DD");
}

}  // namespace

void check_dates(const EntryCheck& check) {
  if (const auto field = check.document.find_field(check.block, "year")) check_year(check, *field);
  if (const auto field = check.document.find_field(check.block, "month")) check_month(check, *field);
  for (const std::string_view name : {"date", "origdate", "eventdate", "urldate"}) {
    if (const auto field = check.document.find_field(check.block, name)) check_date(check, *field, name);
  }
}

}  // namespace bibsmith::bibtex
