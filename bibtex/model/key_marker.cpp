#include "bibtex/model/key_marker.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/model/date.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t field_bytes_max = 4096;  // a key needs no more
constexpr std::size_t short_title_words = 3;
constexpr std::size_t names_max = 1000;

// JabRef's list (CitationKeyGenerator, FUNCTION_WORDS).
constexpr std::array function_words = std::to_array<std::string_view>(
    {"a",      "an",     "the",    "above",   "about",   "across", "against", "along",  "among", "around",
     "at",     "before", "behind", "below",   "beneath", "beside", "between", "beyond", "by",    "down",
     "during", "except", "for",    "from",    "in",      "inside", "into",    "like",   "near",  "of",
     "off",    "on",     "onto",   "since",   "to",      "toward", "through", "under",  "until", "up",
     "upon",   "with",   "within", "without", "and",     "but",    "nor",     "or",     "so",    "yet"});

bool is_function_word(std::string_view word) {
  return std::any_of(function_words.begin(), function_words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

// Better BibTeX leaves out these too (its preference skipWords): articles and prepositions of seven
// languages.
constexpr std::array skip_words = std::to_array<std::string_view>(
    {"ab",   "aboard",  "after", "al",   "amid", "anti",       "as",    "besides", "d",     "da",    "das",
     "de",   "degli",   "dei",   "del",  "dell", "della",      "delle", "dello",   "dem",   "den",   "der",
     "des",  "despite", "die",   "do",   "du",   "ein",        "eine",  "einem",   "einen", "einer", "eines",
     "el",   "en",      "et",    "gli",  "i",    "il",         "is",    "l",       "la",    "las",   "le",
     "les",  "lo",      "los",   "over", "past", "per",        "plus",  "round",   "save",  "some",  "sur",
     "than", "towards", "un",    "una",  "unas", "underneath", "une",   "unlike",  "uno",   "unos",  "versus",
     "via",  "von",     "while", "zu",   "zum"});

bool is_skip_word(std::string_view word) {
  return is_function_word(word) ||
         std::any_of(skip_words.begin(), skip_words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

bool is_word_character(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c); }

std::string plain_ascii(std::string_view latex) {
  return to_ascii(to_unicode(latex.substr(0, field_bytes_max), MathReading::convert));
}

std::string squeezed(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), is_word_character);
  return out;
}

// The words of a title: letters and digits; hyphens and apostrophes join, other signs part.
std::vector<std::string> words_of(std::string_view latex) {
  std::vector<std::string> words(1);
  for (const char c : plain_ascii(latex)) {
    if (is_word_character(c)) {
      words.back() += c;
    } else if (c != '-' && c != '\'' && !words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string capitalized(std::string word) {
  for (char& c : word) c = lower(c);
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string joined(const std::vector<std::string>& words, std::size_t first, std::size_t count) {
  std::string out;
  for (std::size_t i = first; i < words.size() && i - first < count; ++i) out += words[i];
  return out;
}

std::vector<std::string> significant(std::vector<std::string> words) {
  std::erase_if(words, is_function_word);
  return words;
}

// "authors3" is "authors" and 3; "auth3_2" is "auth", 3 and 2.
struct Numbered {
  std::string_view name;
  std::size_t number = 0;
  std::size_t second = 0;
};

Numbered split_number(std::string_view marker) {
  Numbered out{marker, 0, 0};
  std::size_t end = marker.size();
  const auto take = [&](std::size_t& number) {
    std::size_t begin = end;
    while (begin > 0 && is_digit(marker[begin - 1])) --begin;
    if (begin == end || end - begin > 4) return false;
    std::from_chars(marker.data() + begin, marker.data() + end, number);
    end = begin;
    return true;
  };
  if (!take(out.number)) return out;
  if (end > 0 && marker[end - 1] == '_') {
    --end;
    out.second = out.number;
    if (!take(out.number)) return {marker, 0, 0};
  }
  out.name = marker.substr(0, end);
  return out;
}

struct KeyName {
  std::string family;    // letters and digits
  std::string initials;  // of the given names
};

std::vector<KeyName> names_of(const Entry& entry, std::string_view field) {
  std::vector<KeyName> names;
  const std::string list = field_text(entry, field);
  for (const std::string_view text : split_names(list)) {
    if (names.size() == names_max || equal_ignoring_case(text, "others")) continue;
    const Name name = read_name(text);
    KeyName out;
    out.family = squeezed(plain_ascii(name.is_literal() ? name.literal : name.family));
    const std::string given = plain_ascii(name.given);
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (is_word_character(given[i]) && (i == 0 || !is_word_character(given[i - 1])))
        out.initials += given[i];
    }
    if (!out.family.empty()) names.push_back(std::move(out));
  }
  return names;
}

std::string families(const std::vector<KeyName>& names, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < count; ++i) out += names[i].family;
  return out;
}

// The label of alpha.bst: three letters of one name, one letter each of up to four.
std::string alpha_label(const std::vector<KeyName>& names) {
  if (names.size() == 1) return names[0].family.substr(0, 3);
  std::string out;
  const std::size_t shown = names.size() > 4 ? 3 : names.size();
  for (std::size_t i = 0; i < shown; ++i) out += names[i].family.substr(0, 1);
  return names.size() > 4 ? out + '+' : out;
}

std::string short_label(const std::vector<KeyName>& names) {
  if (names.size() == 1) return names[0].family;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i) out += names[i].family.substr(0, 1);
  return names.size() > 3 ? out + '+' : out;
}

// `count` letters, spread evenly over the names.
std::string spread_initials(const std::vector<KeyName>& names, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < count; ++i) {
    const std::size_t share =
        count / std::min(names.size(), count) + (i < count % std::min(names.size(), count));
    out += names[i].family.substr(0, share);
  }
  return out;
}

// What a marker of names stands for; `rest` is its name behind "auth" or "edtr". nullopt: no such marker.
std::optional<std::string> name_text(const std::vector<KeyName>& names, std::string_view rest) {
  const Numbered numbered = split_number(rest);
  const std::string_view name = numbered.name;
  const std::size_t number = numbered.number;
  const bool is_empty = names.empty();
  const std::size_t all = names.size();
  if (name.empty()) {  // auth, auth3, auth3_2
    const std::size_t which = numbered.second > 0 ? numbered.second - 1 : 0;
    if (which >= all) return "";
    return number > 0 ? names[which].family.substr(0, number) : names[which].family;
  }
  if (name == "ors" || name == "s") {
    if (number == 0 || all <= number) return families(names, all);
    return families(names, number) + "EtAl";
  }
  if (name == "EtAl") return all <= 2 ? families(names, all) : families(names, 1) + "EtAl";
  if (name == ".etal") {
    if (all <= 1) return families(names, all);
    return names[0].family + (all == 2 ? '.' + names[1].family : ".etal");
  }
  if (name == ".auth.ea" || name == ".edtr.ea") {
    if (all <= 1) return families(names, all);
    return names[0].family + '.' + names[1].family + (all > 2 ? ".ea" : "");
  }
  if (name == "short") return is_empty ? "" : short_label(names);
  if (name == "orsAlpha" || name == "sAlpha") return is_empty ? "" : alpha_label(names);
  if (name == "orLast" || name == "Last") return is_empty ? "" : names.back().family;
  if (name == "ForeIni" || name == "orForeIni") return is_empty ? "" : names[0].initials.substr(0, 1);
  if (name == "orLastForeIni") return is_empty ? "" : names.back().initials.substr(0, 1);
  if (name == "orIni") {
    if (is_empty) return "";
    std::string out = names[0].family.substr(0, 5);
    for (std::size_t i = 1; i < all; ++i) out += names[i].family.substr(0, 1);
    return out;
  }
  if (name == "Ini") return spread_initials(names, number > 0 ? number : 1);
  return std::nullopt;
}

// The numbers in a pages field, least and greatest.
std::optional<std::pair<std::string, std::string>> page_numbers(std::string_view pages) {
  std::optional<std::pair<std::string, std::string>> found;
  const auto is_less = [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  };
  for (std::size_t at = 0; at < pages.size();) {
    while (at < pages.size() && !is_digit(pages[at])) ++at;
    std::size_t end = at;
    while (end < pages.size() && is_digit(pages[end])) ++end;
    if (end > at) {
      const std::string number(pages.substr(at, end - at));
      if (!found) found.emplace(number, number);
      if (is_less(number, found->first)) found->first = number;
      if (is_less(found->second, number)) found->second = number;
    }
    at = end;
  }
  return found;
}

std::optional<std::string> title_text(std::string_view marker, const Entry& entry) {
  const std::string title = field_text(entry, "title");
  if (marker == "fulltitle") return joined(words_of(title), 0, std::string::npos);
  const std::vector<std::string> words = words_of(title);
  if (marker == "title") {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
      out += i > 0 && is_function_word(words[i]) ? words[i] : capitalized(words[i]);
    }
    return out;
  }
  const Numbered numbered = split_number(marker);
  if (numbered.name == "camel") {
    std::string out;
    for (std::size_t i = 0; i < words.size() && (numbered.number == 0 || i < numbered.number); ++i) {
      out += capitalized(words[i]);
    }
    return out;
  }
  // Better BibTeX's shorttitle3_2: three words, the first two with a capital.
  if (numbered.name == "shorttitle" && numbered.number > 0) {
    std::string out;
    std::size_t taken = 0;
    for (std::string word : words) {
      if (is_skip_word(word)) continue;
      if (taken++ == numbered.number) break;
      if (taken <= numbered.second && word[0] >= 'a' && word[0] <= 'z') {
        word[0] = static_cast<char>(word[0] - 'a' + 'A');
      }
      out += word;
    }
    return out;
  }
  if (marker == "shorttitle") return joined(significant(words), 0, short_title_words);
  if (marker == "veryshorttitle") return joined(significant(words), 0, 1);
  if (marker == "shorttitleINI") {
    std::string out;
    const std::vector<std::string> first = significant(words);
    for (std::size_t i = 0; i < first.size() && i < short_title_words; ++i) out += first[i].substr(0, 1);
    return out;
  }
  return std::nullopt;
}

std::optional<std::string> number_text(std::string_view marker, const Entry& entry) {
  if (marker == "year" || marker == "shortyear") {
    const auto date = entry_date(entry);
    const auto part = date ? (date->begin ? date->begin : date->end) : std::nullopt;
    const std::string year =
        part ? std::to_string(part->year) : squeezed(plain_ascii(field_text(entry, "year")));
    return marker == "year" || year.size() <= 2 ? year : year.substr(year.size() - 2);
  }
  if (marker == "firstpage" || marker == "lastpage") {
    const auto numbers = page_numbers(field_text(entry, "pages"));
    if (!numbers) return "";
    return marker == "firstpage" ? numbers->first : numbers->second;
  }
  if (marker == "pageprefix") {
    const std::string pages = field_text(entry, "pages");
    std::size_t end = 0;
    while (end < pages.size() && lower(pages[end]) >= 'a' && lower(pages[end]) <= 'z') ++end;
    return end < pages.size() && is_digit(pages[end]) ? pages.substr(0, end) : "";
  }
  return std::nullopt;
}

std::optional<std::string> names_text(std::string_view marker, const Entry& entry) {
  if (marker.starts_with("pureauth")) return name_text(names_of(entry, "author"), marker.substr(8));
  if (marker.starts_with("auth") && marker != "author") {
    std::vector<KeyName> names = names_of(entry, "author");
    if (names.empty()) names = names_of(entry, "editor");
    return name_text(names, marker.substr(4));
  }
  if (marker.starts_with("edtr")) return name_text(names_of(entry, "editor"), marker.substr(4));
  if (marker.starts_with("edito") && marker != "editor" && marker.starts_with("editor")) {
    return name_text(names_of(entry, "editor"), "or" + std::string(marker.substr(6)));
  }
  return std::nullopt;
}

// The text of any field, its words apart so that :abbr can see them.
std::string any_field(std::string_view marker, const Entry& entry) {
  std::string text = field_text(entry, marker);
  if (text.empty() && equal_ignoring_case(marker, "journal")) text = field_text(entry, "journaltitle");
  std::string out = plain_ascii(text);
  std::erase_if(out, [](char c) {
    return !is_word_character(c) && !is_white_space(c) &&
           std::string_view("_.+/").find(c) == std::string_view::npos;
  });
  return out;
}

}  // namespace

std::string key_marker_text(std::string_view marker, const Entry& entry) {
  if (marker == "entrytype") return entry.type;
  if (auto text = names_text(marker, entry)) return *text;
  if (auto text = title_text(marker, entry)) return *text;
  if (auto text = number_text(marker, entry)) return *text;
  return any_field(marker, entry);
}

}  // namespace bibsmith::bibtex
