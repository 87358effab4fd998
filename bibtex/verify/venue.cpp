#include "bibtex/verify/venue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/verify/venue_kin.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/markup_text.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t name_bytes_max = 600;
constexpr std::size_t words_max = 24;

// Words that every other venue has too.
bool is_common(std::string_view word) {
  constexpr std::array common =
      std::to_array<std::string_view>({"proceedings", "proc",    "proceeding", "of",         "the",
                                       "on",          "in",      "and",        "for",        "a",
                                       "an",          "annual",  "annu",       "ann",        "international",
                                       "int",         "intl",    "ieee",       "acm",        "cvf",
                                       "usenix",      "siam",    "aip",        "conference", "conf",
                                       "symposium",   "symp",    "workshop",   "workshops",  "meeting",
                                       "congress",    "at",      "to",         "with",       "de",
                                       "la",          "et",      "und",        "der",        "fur",
                                       "held",        "part",    "volume",     "vol",        "th",
                                       "st",          "nd",      "rd",         "edition",    "ed",
                                       "main",        "track",   "papers",     "technical",  "long",
                                       "short",       "findings"});
  return is_one_of(word, common);
}

// The value of "34", "34th", "xxxv" is not read; "Thirty-Fifth" and "Ninth" are.
std::optional<int> ordinal_word(std::string_view word) {
  constexpr std::array ordinals = std::to_array<std::string_view>(
      {"zeroth",     "first",     "second",    "third",       "fourth",     "fifth",     "sixth",
       "seventh",    "eighth",    "ninth",     "tenth",       "eleventh",   "twelfth",   "thirteenth",
       "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"});
  const auto found = std::find(ordinals.begin(), ordinals.end(), word);
  if (found != ordinals.end()) return static_cast<int>(found - ordinals.begin());
  constexpr std::array whole_tens =
      std::to_array<std::string_view>({"", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth",
                                       "seventieth", "eightieth", "ninetieth"});
  const auto tens = std::find(whole_tens.begin() + 2, whole_tens.end(), word);
  if (tens != whole_tens.end()) return static_cast<int>(tens - whole_tens.begin()) * 10;
  return std::nullopt;
}

std::optional<int> tens_word(std::string_view word) {
  constexpr std::array tens = std::to_array<std::string_view>(
      {"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"});
  const auto found = std::find(tens.begin() + 2, tens.end(), word);
  if (found == tens.end()) return std::nullopt;
  return static_cast<int>(found - tens.begin()) * 10;
}

bool is_count(std::string_view word) { return ordinal_word(word) || tens_word(word); }

std::string plain_venue(std::string_view text) {
  if (text.size() > name_bytes_max) text = text.substr(0, name_bytes_max);
  std::string plain(text);
  if (plain.find_first_of("<&") != std::string::npos) plain = markup_text(plain);
  if (plain.find_first_of("\\{}$~") != std::string::npos) plain = to_unicode(plain, MathReading::convert);
  return to_ascii(plain);
}

// Calls `take` with each word and the byte behind it.
template <typename Take>
void each_word(std::string_view text, Take take) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_letter_or_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_letter_or_digit(text[end])) ++end;
    take(text.substr(at, end - at), end < text.size() ? text[end] : '\0', at > 0 ? text[at - 1] : '\0');
    at = end;
  }
}

std::vector<std::string> telling_words(std::string_view text) {
  std::vector<std::string> words;
  each_word(text, [&](std::string_view word, char behind, char before) {
    if (words.size() == words_max) return;
    std::string small = in_lower_case(word);
    if (small == "s" && before == '\'') return;
    if (is_digit(small.front()) || is_common(small) || is_count(small)) return;
    if (small.size() == 1 && behind != '.') return;
    words.push_back(std::move(small));
  });
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

// "CVPR", "NeurIPS", "ICASSP2021", "AAAI-18": three capitals at least, or two and nothing else.
bool is_acronym(std::string_view word) {
  const auto capitals = std::count_if(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (capitals < 2 || word.size() > 12) return false;
  return capitals >= 3 || static_cast<std::size_t>(capitals) == word.size() ||
         2 * static_cast<std::size_t>(capitals) >= word.size();
}

// Who holds a meeting or where is no name of it.
bool is_no_acronym(std::string_view word) {
  constexpr std::array others = std::to_array<std::string_view>(
      {"ieee", "acm", "usa", "uk",  "uae",  "cvf",  "siam", "usenix", "sig",  "ny",  "ca",
       "wa",   "la",  "hi",  "il",  "tx",   "ma",   "bc",   "qc",     "on",   "nv",  "fl",
       "pa",   "dc",  "us",  "prc", "iapr", "ifip", "rsj",  "aip",    "iaai", "eaai"});
  return is_one_of(word, others);
}

std::vector<std::string> acronyms_in(std::string_view text) {
  std::vector<std::string> acronyms;
  each_word(text, [&](std::string_view word, char, char) {
    while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
    if (word.empty() || !is_acronym(word)) return;
    std::string small = in_lower_case(word);
    if (!is_no_acronym(small) && acronyms.size() < 8) acronyms.push_back(std::move(small));
  });
  return acronyms;
}

bool is_preprint_server(std::string_view letters) {
  constexpr std::array servers = std::to_array<std::string_view>({"arxiv",
                                                                  "corr",
                                                                  "biorxiv",
                                                                  "medrxiv",
                                                                  "chemrxiv",
                                                                  "techrxiv",
                                                                  "psyarxiv",
                                                                  "socarxiv",
                                                                  "eartharxiv",
                                                                  "engrxiv",
                                                                  "researchsquare",
                                                                  "ssrn",
                                                                  "ssrnelectronicjournal",
                                                                  "preprints",
                                                                  "preprintsorg",
                                                                  "osfpreprints",
                                                                  "authorea",
                                                                  "hal",
                                                                  "zenodo",
                                                                  "iacrcryptologyeprintarchive",
                                                                  "cryptologyeprintarchive",
                                                                  "eprints",
                                                                  "arxiveprints",
                                                                  "arxivpreprint",
                                                                  "computingresearchrepository",
                                                                  "arxivorg",
                                                                  "viXra"});
  return is_one_of(letters, servers) || letters.starts_with("biorxiv") || letters.starts_with("medrxiv") ||
         letters.starts_with("arxivpreprint") || letters.starts_with("arxivorg");
}

bool is_series(std::string_view letters) {
  constexpr std::array series = std::to_array<std::string_view>({"lncs",
                                                                 "lnai",
                                                                 "lnbip",
                                                                 "lipics",
                                                                 "machinelearningresearch",
                                                                 "pmlr",
                                                                 "jmlrconferences",
                                                                 "ceur",
                                                                 "ceurs",
                                                                 "communicationscomputerinformationscience",
                                                                 "ccis",
                                                                 "advancesintelligentsystemscomputing",
                                                                 "advancesintelligentsystems",
                                                                 "studiescomputationalintelligence",
                                                                 "smartinnovationsystemstechnologies",
                                                                 "eptcs",
                                                                 "electronictheoreticalcomputerscience",
                                                                 "electronicstheoreticalcomputerscience",
                                                                 "springermathematicsstatistics",
                                                                 "leibnizinformatics",
                                                                 "icps",
                                                                 "series",
                                                                 "sspringer",
                                                                 "physicsconferenceseries",
                                                                 "advancescryptology"});
  return letters.starts_with("lecturenotes") || letters.starts_with("lecturenotesin") ||
         letters.starts_with("lectnotes") || letters.starts_with("ifipadvances") ||
         letters.starts_with("ceurworkshop") || is_one_of(letters, series);
}

// Meetings by the letters of their telling words, and by those without who holds them.
const std::unordered_map<std::string, const Venue*>& meetings_by_letters() {
  static const std::unordered_map<std::string, const Venue*> table = [] {
    std::unordered_map<std::string, const Venue*> out;
    for (const Venue& venue : all_venues()) {
      std::string title(venue.booktitle);
      constexpr std::string_view ordinal_place = "{ord}";
      if (const std::size_t at = title.find(ordinal_place); at != std::string::npos)
        title.erase(at, ordinal_place.size());
      out.emplace(joined(telling_words(title)), &venue);
    }
    return out;
  }();
  return table;
}

void add_meeting(std::vector<const Venue*>& meetings, const Venue* venue) {
  if (venue != nullptr && std::find(meetings.begin(), meetings.end(), venue) == meetings.end())
    meetings.push_back(venue);
}

// The parts of a long name, as DBLP and Crossref write them: "The 24th ... Statistics, AISTATS 2021, April
// 13-15, Virtual Event", "... (CVPR)", "CHI '22: CHI Conference on ...".
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size() && parts.size() < 16;) {
    const std::size_t end = std::min(text.find_first_of(",:;()[]", at), text.size());
    std::string_view part = text.substr(at, end - at);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) parts.push_back(part);
    at = end + 1;
  }
  return parts;
}

std::vector<const Venue*> meetings_in(std::string_view plain) {
  std::vector<const Venue*> meetings;
  add_meeting(meetings, find_venue(plain));
  for (const std::string_view part : parts_of(plain)) {
    add_meeting(meetings, find_venue(part));
    const auto found = meetings_by_letters().find(joined(telling_words(part)));
    if (found != meetings_by_letters().end()) add_meeting(meetings, found->second);
  }
  return meetings;
}

// Everything behind the first of these says where, when, or whose organ it is.
std::string_view head_of(std::string_view plain) {
  const std::size_t end = plain.find_first_of(",:;([");
  const std::string_view head = plain.substr(0, end);
  // "CHI '22: CHI Conference on Human Factors": what is in front of the colon is short.
  constexpr std::size_t head_words_min = 2;
  if (end != std::string_view::npos && telling_words(head).size() < head_words_min) return plain;
  return head;
}

bool are_digits(std::string_view word) { return std::all_of(word.begin(), word.end(), is_digit); }

int number_of(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 6)) value = value * 10 + (c - '0');
  return value;
}

// "2021", and "22" of "CHI '22".
std::optional<int> written_year(std::string_view word, char before) {
  if (!are_digits(word)) return std::nullopt;
  const int value = number_of(word);
  if (word.size() == 4 && value >= 1900 && value <= 2100) return value;
  if (word.size() == 2 && before == '\'') return value + (value < 50 ? 2000 : 1900);
  return std::nullopt;
}

// The year of the meeting by its number: "Thirty-Fifth AAAI Conference", "38th International Conference on
// Machine Learning", "Advances in Neural Information Processing Systems 34". Numbers behind the first comma
// are days.
std::vector<int> counted_years(const VenueText& venue) {
  std::vector<int> years;
  int tens = 0;
  const std::string_view head = std::string_view(venue.plain).substr(0, venue.plain.find_first_of(",:;("));
  each_word(head, [&](std::string_view word, char, char) {
    const auto digits =
        static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_digit) - word.begin());
    const bool is_cardinal = digits == word.size();
    int count = digits > 0 && digits <= 3 ? number_of(word.substr(0, digits)) : 0;
    const std::string small = in_lower_case(word);
    if (const auto spelt = ordinal_word(small)) count = tens + *spelt;
    tens = tens_word(small).value_or(0);
    for (const Venue* meeting : venue.meetings) {
      const bool counts = meeting->count == Venue::Count::volume
                              ? is_cardinal
                              : meeting->count == Venue::Count::ordinal && !is_cardinal;
      if (counts && count > 0) years.push_back(meeting->zero_year + count);
    }
  });
  return years;
}

bool share_one(const std::vector<std::string>& words, std::string_view word) {
  return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

bool names_meeting(std::string_view plain) {
  constexpr std::array words = std::to_array<std::string_view>(
      {"onference", "ymposium", "orkshop", "roceedings", "onvention", "eeting"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string_view::npos; });
}

bool names_journal(std::string_view plain) {
  constexpr std::array beginnings =
      std::to_array<std::string_view>({"journal", "trans", "letters", "lett", "review", "rev", "annals",
                                       "bulletin", "magazine", "acta", "archives"});
  bool found = false;
  each_word(plain, [&](std::string_view word, char behind, char) {
    const std::string small = in_lower_case(word);
    const auto fits = [&](std::string_view beginning) { return small.starts_with(beginning); };
    found =
        found || (small == "j" && behind == '.') || std::any_of(beginnings.begin(), beginnings.end(), fits);
  });
  // "Mach. Learn.": DBLP and ISO 4 cut the words of journals, not those of meetings.
  return found || plain.ends_with('.');
}

// "Natl." for "National", "Assn." for "Association": the letters of the one, in order, are in the other.
bool is_contraction(std::string_view cut, std::string_view whole) {
  if (cut.size() < 3 || cut.size() + 2 > whole.size() || cut.front() != whole.front()) return false;
  std::size_t at = 0;
  for (const char c : cut) {
    at = whole.find(c, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

// Words one by one, each the beginning of the other: "Mach. Learn." and "Machine Learning".
bool abbreviates(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.size() != b.size() || a.empty()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool begins = a[i].starts_with(b[i]) || b[i].starts_with(a[i]);
    if (!begins && !is_contraction(a[i], b[i]) && !is_contraction(b[i], a[i])) return false;
  }
  return true;
}

double shared_words(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t shared = 0;
  for (const std::string& word : a) {
    shared += std::any_of(b.begin(), b.end(), [&](const std::string& other) {
      const std::size_t shorter = std::min(word.size(), other.size());
      return word == other || (shorter >= 3 && (word.starts_with(other) || other.starts_with(word)));
    });
  }
  return 2 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size());
}

bool have_common_meeting(const VenueText& a, const VenueText& b) {
  return std::any_of(a.meetings.begin(), a.meetings.end(), [&](const Venue* venue) {
    return std::find(b.meetings.begin(), b.meetings.end(), venue) != b.meetings.end();
  });
}

// A bare acronym, and the other name has it or spells it out.
bool is_acronym_of(const VenueText& a, const VenueText& b) {
  if (a.words.size() > 1) return false;
  const std::string& acronym =
      a.words.empty() ? (a.acronyms.empty() ? a.letters : a.acronyms.front()) : a.words.front();
  if (acronym.size() < 2) return false;
  return acronym == b.initials || share_one(b.acronyms, acronym) ||
         (acronym.size() >= 3 &&
          (b.initials.starts_with(acronym) || acronym == "i" + b.initials || acronym == b.initials + "s" ||
           acronym == "ic" + b.initials || acronym == "j" + b.initials));
}

}  // namespace

VenueText venue_text(std::string_view text) {
  VenueText venue;
  venue.plain = plain_venue(text);
  if (venue.plain.empty()) return venue;
  venue.words = telling_words(head_of(venue.plain));
  venue.letters = joined(venue.words);
  for (const std::string& word : venue.words) venue.initials += word.front();
  venue.acronyms = acronyms_in(venue.plain);
  venue.is_preprint_server = is_preprint_server(venue.letters);
  venue.is_series = is_series(venue.letters);
  if (venue.is_preprint_server || venue.is_series) return venue;
  venue.meetings = meetings_in(venue.plain);
  if (venue.meetings.empty()) venue.journal = find_journal(venue.plain);
  const bool is_known_meeting = std::any_of(venue.meetings.begin(), venue.meetings.end(),
                                            [](const Venue* meeting) { return !meeting->journal; });
  venue.is_meeting = is_known_meeting || (venue.meetings.empty() && names_meeting(venue.plain));
  venue.is_journal = venue.journal != nullptr ||
                     (!venue.is_meeting && (!venue.meetings.empty() || names_journal(venue.plain)));
  return venue;
}

VenueMatch compare_venues(const VenueText& a, const VenueText& b) {
  if (a.empty() || b.empty() || a.is_series || b.is_series) return VenueMatch::unknown;
  if (a.plain == b.plain || (a.letters == b.letters && !a.letters.empty())) return VenueMatch::same;
  if (a.is_preprint_server || b.is_preprint_server) {
    if (a.is_preprint_server && b.is_preprint_server) return VenueMatch::unclear;
    return VenueMatch::preprint;
  }
  if (have_common_meeting(a, b) || (a.journal != nullptr && a.journal == b.journal)) return VenueMatch::same;
  if (are_kin(a, b)) return VenueMatch::kin;
  if (abbreviates(a.words, b.words)) return VenueMatch::same;
  if (a.is_known() && b.is_known()) return VenueMatch::other;
  if (is_acronym_of(a, b) || is_acronym_of(b, a)) return VenueMatch::same;
  if (a.words.empty() || b.words.empty()) return VenueMatch::unclear;
  const double shared = shared_words(a.words, b.words);
  // All names of a known meeting are known: one with another word in it is another.
  const bool one_is_meeting = !a.meetings.empty() || !b.meetings.empty();
  constexpr double may_be_same = 0.5;
  if (shared >= may_be_same && !one_is_meeting) return VenueMatch::unclear;
  // An acronym that nobody knows may be anything's.
  const bool bare_acronym = (a.words.size() == 1 && !a.is_known() && a.acronyms.size() == 1) ||
                            (b.words.size() == 1 && !b.is_known() && b.acronyms.size() == 1);
  if (bare_acronym && !(a.is_known() || b.is_known())) return VenueMatch::unclear;
  return VenueMatch::other;
}

std::vector<int> years_in(const VenueText& venue) {
  std::vector<int> years;
  if (!venue.is_meeting || venue.journal != nullptr) return years;
  each_word(venue.plain, [&](std::string_view word, char, char before) {
    if (const auto year = written_year(word, before)) years.push_back(*year);
  });
  if (years.empty()) years = counted_years(venue);
  std::sort(years.begin(), years.end());
  years.erase(std::unique(years.begin(), years.end()), years.end());
  return years;
}

}  // namespace bibsmith::bibtex
