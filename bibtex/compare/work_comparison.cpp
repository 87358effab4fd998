#include "bibtex/compare/work_comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <span>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Dice's coefficient of the words, each counted once.
double overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const std::set<std::string> left(a.begin(), a.end());
  const std::set<std::string> right(b.begin(), b.end());
  if (left.empty() || right.empty()) return 0;
  const auto common = static_cast<double>(
      std::count_if(left.begin(), left.end(), [&](const std::string& word) { return right.contains(word); }));
  return 2 * common / static_cast<double>(left.size() + right.size());
}

using Outcome = WorkComparison::Outcome;

Outcome compare_titles(const std::string& said, const std::string& known) {
  if (said.empty() || known.empty()) return Outcome::unknown;
  return same_title(words_of(said), words_of(known)) ? Outcome::passed : Outcome::failed;
}

}  // namespace

std::vector<std::string> words_of(std::string_view plain) {
  std::vector<std::string> words(1);
  for (const char c : to_ascii(plain)) {
    if (is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      words.back() += lower(c);
    } else if (!words.back().empty() && c != '\'') {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string squeezed(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

bool same_title(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  constexpr double same_words = 0.9;
  const std::string x = squeezed(a);
  const std::string y = squeezed(b);
  if (x == y) return true;
  // A subtitle that one of them leaves out.
  constexpr std::size_t subtitle_words_min = 4;
  const bool prefix = (x.starts_with(y) && b.size() >= subtitle_words_min) ||
                      (y.starts_with(x) && a.size() >= subtitle_words_min);
  return prefix || overlap(a, b) >= same_words;
}

std::string family_key(std::string_view family) { return squeezed(words_of(family)); }

bool same_family(std::string_view a, std::string_view b) {
  return a == b || (a.size() >= 3 && b.ends_with(a)) || (b.size() >= 3 && a.ends_with(b));
}

bool share_half(std::span<const std::string> a, std::span<const std::string> b) {
  const auto& shorter = a.size() <= b.size() ? a : b;
  const auto& longer = a.size() <= b.size() ? b : a;
  const auto shared = std::count_if(shorter.begin(), shorter.end(), [&](const std::string& one) {
    return std::any_of(longer.begin(), longer.end(),
                       [&](const std::string& other) { return same_family(one, other); });
  });
  return 2 * static_cast<std::size_t>(shared) >= shorter.size();
}

WorkSaid work_said(const Document& document, const Macros& macros, const Block& entry) {
  WorkSaid said;
  said.title = to_unicode(macros.field_text(document, entry, "title"));
  const std::string authors = macros.field_text(document, entry, "author");
  for (const std::string_view name : split_names(authors)) {
    if (equal_ignoring_case(name, "others")) {
      said.others = true;
      continue;
    }
    const Name parsed = read_name(name);
    said.families.push_back(to_unicode(parsed.is_literal()     ? parsed.literal
                                       : parsed.prefix.empty() ? parsed.family
                                                               : parsed.prefix + " " + parsed.family));
  }
  const std::string year =
      macros.field_text(document, entry, "year") + macros.field_text(document, entry, "date");
  if (year.size() >= 4 && std::all_of(year.begin(), year.begin() + 4, is_digit))
    said.year = std::atoi(year.substr(0, 4).c_str());
  return said;
}

WorkComparison compare_work(const WorkSaid& said, const Record& record) {
  WorkComparison result;
  result.title = compare_titles(said.title, to_unicode(record.title, MathReading::keep));

  std::vector<std::string> known;
  for (const Name& name :
       author_names(std::span(record.authors).first(std::min(record.authors.size(), authors_compared_max)))
           .names) {
    known.push_back(family_key(to_unicode(name.is_literal()     ? name.literal
                                          : name.prefix.empty() ? name.family
                                                                : name.prefix + " " + name.family)));
  }
  std::vector<std::string> families;
  for (const std::string& family : said.families) {
    if (families.size() == authors_compared_max) break;
    families.push_back(family_key(family));
  }
  if (!families.empty() && !known.empty()) {
    result.first_author = same_family(families.front(), known.front()) ? Outcome::passed : Outcome::failed;
    result.authors = share_half(families, known) ? Outcome::passed : Outcome::failed;
  }
  if (said.year > 0 && record.published.known()) {
    constexpr int years_before = 1;
    constexpr int years_behind = 4;
    const int newest = std::max<int>(record.published.year, record.updated.year);
    result.year = said.year >= record.published.year - years_before && said.year <= newest + years_behind
                      ? Outcome::passed
                      : Outcome::failed;
  }
  return result;
}

std::string_view WorkComparison::failed() const {
  if (title == Outcome::failed) return "title";
  if (first_author == Outcome::failed) return "first author";
  if (authors == Outcome::failed) return "authors";
  if (year == Outcome::failed) return "year";
  return {};
}

bool WorkComparison::same_work() const {
  return title == Outcome::passed && first_author == Outcome::passed && authors == Outcome::passed &&
         year != Outcome::failed;
}

}  // namespace bibsmith::bibtex
