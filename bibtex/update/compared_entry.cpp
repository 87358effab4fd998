#include "bibtex/update/compared_entry.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// What is longer is no title, and no list of names that anybody compares.
constexpr std::size_t title_bytes_max = 2'000;
constexpr std::size_t venue_bytes_max = 500;

using Kind = ComparedEntry::Kind;

// Types of btxdoc and of the biblatex manual, section 2.1; what is not named here may be anything.
Kind kind_of(std::string_view type) {
  constexpr std::array papers = std::to_array<std::string_view>(
      {"article", "inproceedings", "conference", "incollection", "techreport", "report"});
  constexpr std::array books =
      std::to_array<std::string_view>({"book", "mvbook", "collection", "mvcollection", "proceedings",
                                       "mvproceedings", "booklet", "manual", "periodical"});
  constexpr std::array parts =
      std::to_array<std::string_view>({"inbook", "bookinbook", "suppbook", "suppcollection", "inreference"});
  constexpr std::array theses = std::to_array<std::string_view>({"phdthesis", "mastersthesis", "thesis"});
  std::string lowered = in_lower_case(type);
  if (is_one_of(lowered, papers)) return Kind::paper;
  if (is_one_of(lowered, books)) return Kind::book;
  if (is_one_of(lowered, parts)) return Kind::part_of_book;
  if (is_one_of(lowered, theses)) return Kind::thesis;
  return Kind::any;
}

bool is_marker(std::string_view word) {
  constexpr std::array markers = std::to_array<std::string_view>(
      {"erratum", "errata", "corrigendum", "corrigenda", "addendum", "addenda", "correction", "retraction",
       "reply", "comment", "comments", "response", "rejoinder", "supplement", "supplementary",
       "supplemental"});
  return is_one_of(word, markers);
}

bool is_number(std::string_view word) {
  constexpr std::array spelt =
      std::to_array<std::string_view>({"one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                                       "ten", "first", "second", "third", "fourth", "fifth"});
  // "mix" and "civil" are no Roman numbers; parts of a series seldom go beyond 39.
  return word.find_first_not_of("ivx") == std::string_view::npos || is_one_of(word, spelt);
}

std::set<std::string> numbers_in(const std::vector<std::string>& words) {
  std::set<std::string> numbers;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (is_number(word) || (i > 0 && words[i - 1] == "part")) numbers.insert(word);
    std::string digits;
    for (const char c : word + ' ') {
      if (is_digit(c)) {
        digits += c;
      } else if (!digits.empty()) {
        numbers.insert(std::exchange(digits, {}));
      }
    }
  }
  return numbers;
}

std::vector<std::string> families_of(std::string_view authors) {
  std::vector<std::string> families;
  for (const std::string_view name : split_names(authors)) {
    if (families.size() == authors_compared_max) break;
    if (equal_ignoring_case(name, "others")) continue;
    const Name parsed = read_name(name);
    std::string family = family_key(to_unicode(parsed.is_literal() ? parsed.literal : parsed.family));
    if (!family.empty()) families.push_back(std::move(family));
  }
  return families;
}

// "Second", "2nd" and "2" are one edition.
std::string edition_of(std::string_view text) {
  constexpr std::array ordinals = std::to_array<std::string_view>(
      {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"});
  for (const std::string& word : words_of(text)) {
    const auto found = std::find(ordinals.begin(), ordinals.end(), word);
    if (found != ordinals.end()) return std::to_string(found - ordinals.begin() + 1);
    if (is_digit(word.front())) return std::to_string(std::atoi(word.substr(0, 4).c_str()));
  }
  return squeezed(words_of(text));
}

// "Phys. Rev. D" and "Physical Review D" are one journal.
std::string venue_of(const std::string& text) {
  if (text.empty() || text.size() > venue_bytes_max || is_arxiv_name(text)) return {};
  const std::string plain = to_unicode(text);
  const JournalName* journal = find_journal(plain);
  return squeezed(words_of(journal != nullptr ? journal->full : std::string_view(plain)));
}

bool both_differ(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

// The first edition mostly does not say so.
bool are_editions(const ComparedEntry& a, const ComparedEntry& b) {
  if (both_differ(a.edition, b.edition)) return true;
  const bool one_says = a.edition.empty() != b.edition.empty();
  return one_says && a.year > 0 && b.year > 0 && a.year != b.year;
}

bool is_book(Kind kind) { return kind == Kind::book || kind == Kind::part_of_book; }

bool same_first_author(const ComparedEntry& a, const ComparedEntry& b) {
  return !a.families.empty() && !b.families.empty() && same_family(a.families.front(), b.families.front());
}

}  // namespace

ComparedEntry compared_entry(const Document& document, const Macros& macros, const Block& entry,
                             KnownVenues* venues) {
  ComparedEntry out;
  out.block = entry.index;
  out.kind = kind_of(document.text(entry.type));
  out.fields = entry.end_field - entry.first_field;
  const auto text = [&](std::string_view name, std::string_view other = {}) {
    std::string value = macros.field_text(document, entry, name);
    return value.empty() && !other.empty() ? macros.field_text(document, entry, other) : value;
  };
  const EntryIdentity identity = identify(document, macros, entry);
  if (identity.arxiv_id && !identity.other) out.arxiv_id = identity.arxiv_id->base();
  if (identity.doi) out.doi = identity.doi->canonical();

  const std::string title = text("title");
  if (title.size() <= title_bytes_max) out.title = words_of(to_unicode(title));
  out.numbers = numbers_in(out.title);
  std::copy_if(out.title.begin(), out.title.end(), std::inserter(out.markers, out.markers.end()), is_marker);
  // A note that says what the entry is, and not "[Erratum: Phys. Rev. D 85, 029901]", which tells of another.
  const std::string note = text("note");
  if (note.size() <= 40 && note.find('[') == std::string::npos) {
    const std::vector<std::string> words = words_of(to_unicode(note));
    if (words.size() == 1 && is_marker(words.front())) out.markers.insert(words.front());
  }
  out.families = families_of(text("author", "editor"));

  const std::string year = text("year", "date");
  if (year.size() >= 4 && std::all_of(year.begin(), year.begin() + 4, is_digit))
    out.year = std::atoi(year.substr(0, 4).c_str());
  std::string venue = text("journal", "journaltitle");
  if (venue.empty()) venue = text("booktitle");
  if (venues != nullptr && venue.size() <= venue_bytes_max) {
    const auto [known, is_new] = venues->try_emplace(venue);
    if (is_new) known->second = venue_of(venue);
    out.venue = known->second;
  } else {
    out.venue = venue_of(venue);
  }
  const std::string volume = text("volume");
  if (volume.find("abs/") == std::string::npos) out.volume = squeezed(words_of(volume));
  out.number = squeezed(words_of(text("number")));
  out.edition = edition_of(text("edition"));
  out.part = squeezed(words_of(text("part", "chapter")));
  const std::vector<std::string> pages = words_of(text("pages", "eid"));
  if (!pages.empty()) out.pages = pages.front();
  out.is_published = !out.venue.empty() || !out.doi.empty() || out.kind == Kind::book ||
                     out.kind == Kind::part_of_book || out.kind == Kind::thesis;
  return out;
}

bool are_different_works(const ComparedEntry& a, const ComparedEntry& b) {
  if (a.markers != b.markers) return true;
  const bool same_words = squeezed(a.title) == squeezed(b.title);
  if (!same_words && a.numbers != b.numbers) return true;
  if (!a.title.empty() && !b.title.empty() && !a.families.empty() && !b.families.empty() &&
      !same_title(a.title, b.title) && !same_first_author(a, b))
    return true;
  if (both_differ(a.part, b.part) || are_editions(a, b)) return true;
  if (is_book(a.kind) && is_book(b.kind) && both_differ(a.volume, b.volume)) return true;
  if (a.kind == Kind::part_of_book && b.kind == Kind::part_of_book && both_differ(a.pages, b.pages))
    return true;
  const bool other_issue = both_differ(a.volume, b.volume) || both_differ(a.number, b.number);
  return a.venue == b.venue && other_issue && both_differ(a.pages, b.pages);
}

bool are_same_work(const ComparedEntry& a, const ComparedEntry& b) {
  if (a.kind != b.kind && a.kind != Kind::any && b.kind != Kind::any) return false;
  if (both_differ(a.arxiv_id, b.arxiv_id)) return false;
  if (a.title.empty() || b.title.empty() || !same_first_author(a, b)) return false;
  constexpr int years_apart_max = 4;
  if (a.year > 0 && b.year > 0 && std::abs(a.year - b.year) > years_apart_max) return false;
  if (!same_title(a.title, b.title) || !share_half(a.families, b.families)) return false;
  constexpr std::size_t telling_words_min = 3;
  const bool is_telling = std::min(a.title.size(), b.title.size()) >= telling_words_min;
  if (!is_telling && both_differ(a.venue, b.venue)) return false;
  return !are_different_works(a, b);
}

}  // namespace bibsmith::bibtex
