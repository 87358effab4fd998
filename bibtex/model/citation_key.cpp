#include "bibtex/model/citation_key.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t input_bytes_max = 4096;  // of the author and of the title: a key needs no more
constexpr std::size_t part_letters_max = 32;   // of the author and of the title word
constexpr std::size_t organisation_words_max = 3;

// Articles, prepositions, conjunctions and auxiliaries of the languages that titles on arXiv are in.
constexpr auto stop_words = std::to_array<std::string_view>({
    "a",       "about",   "above", "across", "after",  "against", "all",  "along",   "among",   "an",
    "and",     "are",     "as",    "at",     "auf",    "aus",     "be",   "before",  "between", "beyond",
    "but",     "by",      "can",   "d",      "das",    "de",      "dem",  "den",     "der",     "des",
    "die",     "do",      "does",  "du",     "during", "ein",     "eine", "el",      "en",      "et",
    "for",     "from",    "has",   "have",   "how",    "if",      "im",   "in",      "into",    "is",
    "it",      "its",     "l",     "la",     "las",    "le",      "les",  "los",     "mit",     "near",
    "no",      "not",     "of",    "off",    "on",     "or",      "our",  "over",    "per",     "s",
    "some",    "than",    "that",  "the",    "their",  "these",   "this", "through", "to",      "toward",
    "towards", "uber",    "ueber", "un",     "und",    "under",   "une",  "upon",    "via",     "von",
    "was",     "we",      "what",  "when",   "where",  "which",   "who",  "why",     "will",    "with",
    "within",  "without", "y",     "zu",     "zur",
});

bool is_stop_word(std::string_view word) {
  static constexpr auto by_first_byte = index_words(stop_words);
  const auto rows = by_first_byte.rows(word.front());
  return std::any_of(rows.begin(), rows.end(), [&](std::size_t row) { return stop_words[row] == word; });
}

// Words of an organisation's name that do not tell it from others.
constexpr std::array generic_words = std::to_array<std::string_view>({
    "and",       "behalf",     "collab",  "collaboration", "collaborations",
    "consortia", "consortium", "for",     "group",         "groups",
    "of",        "on",         "project", "science",       "scientific",
    "team",      "teams",      "the",     "working",
});

bool is_generic(std::string_view word) {
  return std::binary_search(generic_words.begin(), generic_words.end(), word);
}

bool is_word_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// What TeX prints as it stands, as far as words go.
bool prints_as_it_stands(char c) {
  static constexpr ByteSet signs(" ,.:;()/-!");
  return is_word_character(c) || (c >= 'A' && c <= 'Z') || signs.contains(c);
}

// Lower-case ASCII of the text that the TeX prints, without its math.
std::string plain_ascii(std::string_view tex) {
  tex = tex.substr(0, input_bytes_max);
  if (std::all_of(tex.begin(), tex.end(), prints_as_it_stands)) return in_lower_case(tex);
  std::string without_math;
  for (std::size_t at = 0; at < tex.size();) {
    const bool may_open = tex[at] == '$' || tex[at] == '\\';
    const std::size_t end = may_open ? math_end(tex, at) : npos;
    if (end != npos) {
      without_math += ' ';
      at = end;
    } else if (tex[at] == '\\' && at + 1 < tex.size()) {
      without_math += tex.substr(at, 2);
      at += 2;
    } else {
      without_math += tex[at++];
    }
  }
  return in_lower_case(to_ascii(to_unicode(without_math)));
}

// The letters and digits of `text`, everything else left out.
std::string squeezed(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return !is_word_character(c); });
  return out;
}

// The next run without white space; empty at the end. Apostrophes and hyphens belong to it.
std::string_view next_word(std::string_view& rest) {
  const auto is_break = [](char c) { return !is_word_character(c) && c != '\'' && c != '-'; };
  while (!rest.empty() && !is_word_character(rest.front())) rest.remove_prefix(1);
  std::size_t end = 0;
  while (end < rest.size() && !is_break(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// "double" of "double-averaging", but "xray" and "nonlte": a short first part does not stand alone.
std::string title_word(std::string_view word) {
  constexpr std::size_t short_part_letters = 3;
  std::size_t end = word.find('-');
  while (end != npos && squeezed(word.substr(0, end)).size() <= short_part_letters)
    end = word.find('-', end + 1);
  return squeezed(word.substr(0, end));
}

// The first word that is no stop word, else the first of all; `significant` tells which.
std::string significant_word(std::string_view ascii, bool& significant) {
  std::string first;
  significant = true;
  for (std::string_view word = next_word(ascii); !word.empty(); word = next_word(ascii)) {
    std::string squeezed_word = title_word(word);
    if (squeezed_word.empty()) continue;
    if (!is_stop_word(squeezed_word)) return squeezed_word;
    if (first.empty()) first = std::move(squeezed_word);
  }
  significant = false;
  return first;
}

std::string significant_title_word(std::string_view title) {
  bool significant = false;
  // It stands among the first words mostly.
  constexpr std::size_t beginning_bytes = 32;
  if (title.size() > beginning_bytes) {
    const std::size_t blank = title.rfind(' ', beginning_bytes);
    const std::string_view beginning = title.substr(0, blank == npos ? 0 : blank);
    if (std::all_of(beginning.begin(), beginning.end(), prints_as_it_stands)) {
      std::string word = significant_word(in_lower_case(beginning), significant);
      if (significant) return word;
    }
  }
  return significant_word(plain_ascii(title), significant);
}

std::string organisation(std::string_view name) {
  const std::string ascii = plain_ascii(name);
  std::string_view rest = ascii;
  std::string out;
  std::size_t words = 0;
  for (std::string_view word = next_word(rest); !word.empty() && words < organisation_words_max;
       word = next_word(rest)) {
    const std::string one = squeezed(word);
    if (one.empty() || is_generic(one)) continue;
    out += one;
    ++words;
  }
  return out.empty() ? squeezed(ascii) : out;
}

}  // namespace

std::string citation_key(const KeySource& source) {
  std::string key =
      source.author_is_literal ? organisation(source.author) : squeezed(plain_ascii(source.author));
  if (key.size() > part_letters_max) key.resize(part_letters_max);
  if (source.year > 0) key += std::to_string(source.year);
  key += significant_title_word(source.title).substr(0, part_letters_max);
  return key.empty() ? "unknown" : key;
}

std::string disambiguate(std::string_view key, const std::function<bool(std::string_view)>& taken) {
  std::size_t tried = 0;
  return disambiguate(key, taken, tried);
}

std::string disambiguate(std::string_view key, const std::function<bool(std::string_view)>& taken,
                         std::size_t& tried) {
  while (true) {
    std::string suffix;
    for (std::size_t rest = tried; rest > 0; rest = (rest - 1) / 26) {
      suffix.insert(suffix.begin(), static_cast<char>('a' + (rest - 1) % 26));
    }
    std::string candidate = std::string(key) + suffix;
    if (!taken(candidate)) return candidate;
    ++tried;
  }
}

}  // namespace bibsmith::bibtex
