#include "bibtex/normalize/reference_kinds.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

template <typename List>
bool has_any(std::string_view lowered, const List& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return has_word(lowered, word); });
}

}  // namespace

bool names_meeting(std::string_view text) {
  if (!has_conference_word(text)) return false;
  static constexpr auto societies =
      std::to_array<std::string_view>({"soc", "society", "inst", "institution", "roy"});
  static constexpr auto meetings = std::to_array<std::string_view>(
      {"conference", "workshop", "symposium", "conf", "symp", "meeting", "congress", "school", "colloquium"});
  const std::string lowered = in_lower_case(text.substr(0, digit_bytes.find_in(text)));
  const bool proceedings = lowered.starts_with("proc") || lowered.starts_with("the proc");
  const bool society = lowered.find("acad") != std::string::npos || has_any(lowered, societies);
  return !(proceedings && society && !has_any(lowered, meetings));
}

bool names_journal(std::string_view text) { return has_journal_word(text) && !names_meeting(text); }

bool names_publisher(std::string_view text) {
  constexpr std::size_t name_bytes_min = 5;
  constexpr std::size_t name_bytes_max = 63;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(",();:", begin), text.size());
    std::string_view part = text.substr(begin, end - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && (part.back() == ' ' || part.back() == '.')) part.remove_suffix(1);
    if (begin > 0 && part.size() >= name_bytes_min && part.size() <= name_bytes_max && is_publisher(part))
      return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace bibsmith::bibtex
