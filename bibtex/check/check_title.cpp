#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/check/findings.hpp"
#include "bibtex/model/bibtex_text.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t words_shown_max = 3;

// The types whose title plain.bst puts in lower case (format.title; those of books go through format.btitle).
constexpr std::array lowered_types =
    std::to_array<std::string_view>({"article", "inproceedings", "conference", "incollection",
                                     "mastersthesis", "techreport", "misc", "unpublished", "booklet"});

bool is_upper_ascii(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower_ascii(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper_ascii(c) || is_lower_ascii(c); }

// A title in capitals throughout is somebody's habit, and lower case does it good.
bool is_all_capitals(std::string_view title) {
  const auto capitals = std::count_if(title.begin(), title.end(), is_upper_ascii);
  const auto letters = std::count_if(title.begin(), title.end(), is_letter);
  return capitals * 3 > letters * 2;
}

// The words that have a capital behind their first letter ("DNA", "LaTeX", "arXiv") which lower case takes.
std::vector<std::string> damaged_words(std::string_view title, std::string_view lowered) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < title.size();) {
    while (at < title.size() && !is_letter(title[at])) ++at;
    std::size_t end = at;
    bool is_damaged = false;
    while (end < title.size() && (is_letter(title[end]) || (title[end] >= '0' && title[end] <= '9'))) {
      is_damaged = is_damaged || (end > at && is_upper_ascii(title[end]) && lowered[end] != title[end]);
      ++end;
    }
    if (is_damaged) words.emplace_back(title.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

void check_title(const EntryCheck& check) {
  if (check.dialect != Dialect::bibtex) return;  // biblatex's styles keep the case
  const std::string_view type = check.document.text(check.block.type);
  if (std::none_of(lowered_types.begin(), lowered_types.end(),
                   [&](std::string_view one) { return equal_ignoring_case(type, one); })) {
    return;
  }
  const std::optional<FieldNode> field = check.document.find_field(check.block, "title");
  if (!field) return;
  const std::string title = check.macros.value_text(check.document, *field);
  if (is_all_capitals(title)) return;
  const std::string lowered = change_case(title, Case::title);
  if (lowered.size() != title.size()) return;
  std::vector<std::string> words = damaged_words(title, lowered);
  if (words.empty()) return;
  std::string list;
  for (std::size_t i = 0; i < words.size() && i < words_shown_max; ++i) {
    if (i > 0) list += ", ";
    list += '{' + words[i] + '}';
  }
  if (words.size() > words_shown_max) list += " ...";
  check.findings.add("check.title-capitals", Severity::warning, text_span(check.document, *field),
                     "styles put the title in lower case: protect " + list);
}

}  // namespace bibsmith::bibtex
