#include "bibtex/update/same_value.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/model/date.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

namespace {

using Words = std::vector<std::string>;

// "A." and "Ann" are one given name, and so are "Ann" and none.
bool same_given(std::string_view a, std::string_view b) {
  const Words left = words_of(to_unicode(a));
  const Words right = words_of(to_unicode(b));
  const std::size_t common = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!left[i].starts_with(right[i]) && !right[i].starts_with(left[i])) return false;
  }
  return true;
}

bool same_person(std::string_view a, std::string_view b) {
  const Name left = read_name(a);
  const Name right = read_name(b);
  const auto family = [](const Name& name) {
    return family_key(to_unicode(name.is_literal() ? name.literal : name.family));
  };
  return same_family(family(left), family(right)) && same_given(left.given, right.given);
}

// The list that goes may end with "and others" where the one that stays goes on.
bool same_people(std::string_view a, std::string_view b) {
  std::vector<std::string_view> left = split_names(a);
  std::vector<std::string_view> right = split_names(b);
  const auto cut = [](std::vector<std::string_view>& names) {
    const bool is_cut = !names.empty() && equal_ignoring_case(names.back(), "others");
    if (is_cut) names.pop_back();
    return is_cut;
  };
  cut(left);
  const bool right_is_cut = cut(right);
  if (right.size() > left.size() || (left.size() > right.size() && !right_is_cut)) return false;
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (!same_person(left[i], right[i])) return false;
  }
  return true;
}

bool same_year(std::string_view a, std::string_view b) { return a.substr(0, 4) == b.substr(0, 4); }

// "12-34" and "12" go where "12--34" stays.
bool same_pages(const Words& stays, const Words& goes) {
  return stays == goes || (goes.size() == 1 && !stays.empty() && stays.front() == goes.front());
}

bool same_journal(const std::string& a, const std::string& b) {
  const JournalName* left = find_journal(a);
  const JournalName* right = find_journal(b);
  return left != nullptr && right != nullptr && left->full == right->full;
}

std::string_view without_scheme(std::string_view url) {
  for (const std::string_view start : {"https://", "http://", "www."}) {
    if (url.starts_with(start)) url.remove_prefix(start.size());
  }
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

}  // namespace

std::string_view common_name(std::string_view name) {
  constexpr std::array aliases = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"journaltitle", "journal"},
      {"date", "year"},
      {"eprinttype", "archiveprefix"},
      {"eprintclass", "primaryclass"},
      {"institution", "school"},
      {"location", "address"},
      {"annotation", "annote"},
      {"file", "pdf"},
      {"sortkey", "key"},
      {"eid", "pages"},
  });
  for (const auto& [other, common] : aliases) {
    if (name == other) return common;
  }
  return name;
}

bool same_value(std::string_view name, const std::string& stays, const std::string& goes) {
  if (stays == goes) return true;
  if (name == "author" || name == "editor" || name == "translator") return same_people(stays, goes);
  if (name == "year") return same_year(stays, goes);
  if (name == "month") return parse_month(stays) != 0 && parse_month(stays) == parse_month(goes);
  if (name == "doi") {
    const auto left = Doi::parse(stays);
    const auto right = Doi::parse(goes);
    return left && right && *left == *right;
  }
  if (name == "eprint") {
    const auto left = whole_id(stays);
    const auto right = whole_id(goes);
    return left && right && *left == *right;
  }
  if (name == "url") return without_scheme(stays) == without_scheme(goes);
  const std::string left = to_unicode(stays);
  const std::string right = to_unicode(goes);
  const Words left_words = words_of(left);
  const Words right_words = words_of(right);
  if (name == "pages") return same_pages(left_words, right_words);
  if (!left_words.empty() && left_words == right_words) return true;
  // A title without the subtitle goes where the whole one stays.
  if (name == "title" && same_title(left_words, right_words))
    return !right_words.empty() && squeezed(left_words).starts_with(squeezed(right_words));
  return name == "journal" && same_journal(left, right);
}

bool is_bookkeeping(std::string_view name) {
  constexpr std::array names = std::to_array<std::string_view>(
      {"timestamp", "biburl", "bibsource", "added-at", "date-added", "date-modified", "owner", "urldate",
       "interhash", "intrahash", "creationdate", "modificationdate", "adsurl", "adsnote", "reportedby",
       "slaccitation"});
  return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("bdsk-") ||
         name.starts_with("mendeley-") || name.starts_with("__");
}

}  // namespace bibsmith::bibtex
