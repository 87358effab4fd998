#include "bibtex/normalize/person.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// Particles that begin a family name, in lower case as their bearers write them.
constexpr std::array particles = std::to_array<std::string_view>({
    "'s",    "'t",    "al",  "am",  "auf", "aus",  "av",    "bar",   "bin",   "bint", "d'",  "da",  "dal",
    "dalla", "das",   "de",  "dei", "del", "dela", "della", "delle", "dell'", "dem",  "den", "der", "des",
    "di",    "do",    "dos", "du",  "el",  "ibn",  "la",    "le",    "lo",    "op",   "of",  "ter", "ten",
    "van",   "vande", "vom", "von", "zu",  "zum",  "zur",   "’t",    "’s",    "d’",
});

// Those that are also written with a capital and are not given names. "Van" is a Vietnamese middle name too;
// arXiv takes it as a particle, and so do we.
constexpr std::array capital_particles = std::to_array<std::string_view>({
    "Abu", "Al", "Da", "Dal", "Dalla", "De",  "Del", "Dela", "Della", "Dell'", "Den",    "Der",
    "Di",  "El", "La", "Le",  "Lo",    "Mac", "St.", "Ter",  "Van",   "Vande", "Vander", "Von",
});

// Given names of the Spanish-speaking world that contain a particle: "María del Carmen", "Juan de Dios".
constexpr std::array devotions = std::to_array<std::string_view>({
    "Carmen",  "Mar",      "Pilar",   "Rosario", "Rocío",   "Rocio",    "Valle",
    "Socorro", "Consuelo", "Lourdes", "Fátima",  "Fatima",  "Jesús",    "Jesus",
    "Dios",    "Luz",      "Ángeles", "Angeles", "Dolores", "Mercedes", "Guadalupe",
});

// Without the dot that may end them.
constexpr std::array organisation_words = std::to_array<std::string_view>({
    "collaboration",
    "collaborations",
    "collab",
    "consortium",
    "consortia",
    "group",
    "groups",
    "team",
    "teams",
    "committee",
    "alliance",
    "initiative",
});

bool is_organisation_word(std::string_view word) {
  constexpr std::size_t shortest = 4;
  if (word.ends_with('.')) word.remove_suffix(1);
  static constexpr ByteSet first_bytes("cgtaiCGTAI");
  if (word.size() < shortest || !first_bytes.contains(word[0])) return false;
  return std::any_of(organisation_words.begin(), organisation_words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(one, word); });
}

bool is_in(std::string_view word, auto&& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  words.reserve(8);
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_white_space(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && !is_white_space(text[at])) ++at;
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

std::string joined(const std::vector<std::string_view>& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (!out.empty()) out += ' ';
    out += words[i];
  }
  return out;
}

char32_t first_letter(std::string_view word) {
  for (std::size_t at = 0; at < word.size();) {
    const DecodedCharacter character = decode_utf8(word, at);
    if (is_letter(character.code)) return character.code;
    at += character.size;
  }
  return 0;
}

std::size_t letter_count(std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < word.size();) {
    const DecodedCharacter character = decode_utf8(word, at);
    if (is_letter(character.code)) ++count;
    at += character.size;
  }
  return count;
}

// "C.", "C.-P.", "V", but not "Yu".
bool is_initial(std::string_view word) {
  if (!is_upper(first_letter(word))) return false;
  const std::size_t letters = letter_count(word);
  if (letters == 1) return true;
  return word.ends_with('.') && letters <= 3 && word.find('.') + 1 < word.size();
}

constexpr std::size_t particle_bytes_max = 8;

constexpr ByteSet first_bytes_of(auto&& list) {
  std::array<char, 128> bytes{};
  std::size_t size = 0;
  for (const std::string_view word : list) bytes.at(size++) = word.front();
  return ByteSet({bytes.data(), size});
}

bool is_lower_particle(std::string_view word) {
  static constexpr ByteSet first_bytes = first_bytes_of(particles);
  return !word.empty() && word.size() <= particle_bytes_max && first_bytes.contains(word.front()) &&
         is_in(word, particles);
}
bool is_capital_particle(std::string_view word) {
  static constexpr ByteSet first_bytes = first_bytes_of(capital_particles);
  // Initials end with a full stop, and so does one particle.
  return word.size() > 1 && word.size() <= particle_bytes_max && first_bytes.contains(word.front()) &&
         (word.back() != '.' || word == "St.") && is_in(word, capital_particles);
}
bool is_particle(std::string_view word) { return is_lower_particle(word) || is_capital_particle(word); }

// A numeral or a letter alone is a suffix only where a whole name stands before it: in "Kumar V" it is an
// initial.
bool is_trailing_suffix(const std::vector<std::string_view>& words) {
  if (words.size() < 3 && !(words.size() == 2 && words.back().size() > 1 && words.back() != "IV"))
    return false;
  const std::string_view last = words.back();
  if (last == "V" || last == "I")
    return words.size() >= 3 && !is_initial(words[words.size() - 2]) && last == "V";
  return is_name_suffix(last);
}

// Where the family name begins among the words before `end`.
std::size_t family_begin(const std::vector<std::string_view>& words, std::size_t end) {
  if (end <= 1) return 0;
  // Initials at the end belong to the word before them: "Keerthi Vasan G. C."
  std::size_t last = end - 1;
  while (last > 0 && is_initial(words[last])) --last;
  if (last == 0) last = end - 1;  // nothing but initials

  // A lower-case particle behind a given name begins the family name, whatever follows it.
  for (std::size_t i = 1; i < last; ++i) {
    if (!is_lower_particle(words[i])) continue;
    std::size_t behind = i;
    while (behind < last && is_particle(words[behind])) ++behind;
    // "María del Carmen", "Claudia del P.": part of a given name.
    if (behind < last && (is_in(words[behind], devotions) || is_initial(words[behind]))) {
      i = behind;
      continue;
    }
    while (i > 1 && is_in(words[i - 1], capital_particles)) --i;
    return i;
  }
  // "García y Ramírez", "Costa e Silva": both words.
  if (last >= 3 && (words[last - 1] == "y" || words[last - 1] == "e" || words[last - 1] == "i"))
    return last - 2;
  std::size_t begin = last;
  while (begin > 1 && is_particle(words[begin - 1])) --begin;
  // "van Beethoven" without a given name.
  const bool only_particles =
      std::all_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(last), is_lower_particle);
  return only_particles ? 0 : begin;
}

Name family_name(const std::vector<std::string_view>& words, std::size_t begin, std::size_t end) {
  Name name;
  // The prefix is what BibTeX takes for one: particles up to the last lower-case one.
  std::size_t prefix_end = begin;
  for (std::size_t i = begin; i + 1 < end && is_particle(words[i]); ++i) {
    if (is_lower_particle(words[i])) prefix_end = i + 1;
  }
  name.prefix = joined(words, begin, prefix_end);
  name.family = joined(words, prefix_end, end);
  return name;
}

Name from_words(const std::vector<std::string_view>& all) {
  std::vector<std::string_view> words = all;
  std::string suffix;
  if (is_trailing_suffix(words)) {
    suffix = words.back();
    words.pop_back();
  }
  // "Smith J.": family name first.
  if (words.size() == 2 && is_initial(words[1]) && !is_initial(words[0]) && letter_count(words[0]) > 1) {
    Name name;
    name.family = words[0];
    name.given = words[1];
    name.suffix = suffix;
    return name;
  }
  std::size_t begin = family_begin(words, words.size());
  if (begin == 0 && words.size() > 1 && !is_lower_particle(words[0])) begin = words.size() - 1;
  Name name = family_name(words, begin, words.size());
  name.given = joined(words, 0, begin);
  name.suffix = suffix;
  return name;
}

std::string_view without_separators(std::string_view text) {
  static constexpr ByteSet separators(" \t\n\r,;");
  return trimmed(text, separators);
}

// "Last, First", "Last, Jr, First", "First Last, Jr".
Name from_comma_form(std::string_view text, std::size_t comma) {
  const std::string_view before = without_separators(text.substr(0, comma));
  std::string_view behind = without_separators(text.substr(comma));
  if (is_name_suffix(behind)) {
    Name name = from_words(words_of(before));
    name.suffix = behind;
    return name;
  }
  std::string_view suffix;
  const std::size_t second = behind.find(',');
  if (second != npos) {
    const std::string_view middle = without_separators(behind.substr(0, second));
    const std::string_view end = without_separators(behind.substr(second));
    if (is_name_suffix(middle)) {
      suffix = middle;
      behind = end;
    } else if (is_name_suffix(end)) {
      suffix = end;
      behind = middle;
    }
  }
  return person_from_parts(before, behind, suffix);
}

// Most names are: ASCII letters, single blanks and hyphens inside, and no full stop before a letter.
bool is_tidy(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    const bool tidy = is_ascii_letter(c)     ? before != '.'
                      : c == ' ' || c == '-' ? before != ' ' && before != '-'
                                             : c == '.' && before != ' ';
    if (!tidy) return false;
    before = c;
  }
  return before != ' ';
}

}  // namespace

bool is_name_suffix(std::string_view word) {
  static constexpr std::array suffixes = std::to_array<std::string_view>(
      {"Jr", "Jr.", "jr", "jr.", "JR", "JR.", "Sr", "Sr.", "sr", "sr.", "II", "III", "IV", "2nd", "3rd"});
  return is_in(word, suffixes);
}

std::size_t last_organisation_word(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t begin = end;
    while (begin > 0 && !is_white_space(text[begin - 1])) --begin;
    if (is_organisation_word(text.substr(begin, end - begin))) return begin;
    end = begin == 0 ? 0 : begin - 1;
  }
  return npos;
}

bool names_organisation(std::string_view text) { return last_organisation_word(text) != npos; }

void move_trailing_particles(std::string& given, std::string& family) {
  std::size_t last = given.size();
  while (last > 0 && !is_white_space(given[last - 1])) --last;
  const bool ends_with_word = last < given.size();
  if (ends_with_word && !is_particle(std::string_view(given).substr(last))) return;
  const std::vector<std::string_view> words = words_of(given);
  std::size_t end = words.size();
  while (end > 1 && is_particle(words[end - 1])) --end;
  if (end == words.size()) return;
  std::string moved = joined(words, end, words.size());
  family = family.empty() ? std::move(moved) : moved + " " + family;
  given = joined(words, 0, end);
}

std::string tidy_name(std::string_view text) {
  if (is_tidy(text)) return std::string(text);
  std::string out;
  out.reserve(text.size() + 8);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_ascii_letter(c)) {
      if (out.ends_with('.')) out += ' ';
      out += c;
      ++at;
      continue;
    }
    const DecodedCharacter character = decode_utf8(text, at);
    const bool space = character.code == ' ' || character.code == '\t' || character.code == '\n' ||
                       character.code == '\r' || character.code == 0xA0 || character.code == 0x2009;
    if (space) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      // "C. -P. Yuan" is how arXiv prints "C.-P. Yuan".
      if (character.code == '-' && out.ends_with(". ")) out.pop_back();
      if (out.ends_with('.') && is_letter(character.code)) out += ' ';
      // A dash inside a name is a hyphen ("Aparicio--Villegas" in TeX).
      const bool dash = character.code == 0x2010 || character.code == 0x2011 || character.code == 0x2013;
      const bool inside = !out.empty() && out.back() != ' ';
      if (inside && out.back() == '-' && (dash || character.code == '-')) {
        at += character.size;
        continue;
      }
      append_utf8(out, dash && inside ? U'-' : character.code);
    }
    at += character.size;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_name_as_it_stands(std::string_view family, std::string_view given) {
  if (!is_tidy(family) || family.find(' ') != npos || is_organisation_word(family)) return false;
  if (given.empty()) return true;
  return is_tidy(given) && !is_particle(given.substr(given.rfind(' ') + 1));
}

Name person_from_parts(std::string_view family, std::string_view given, std::string_view suffix) {
  std::string tidy_family = tidy_name(family);
  Name name;
  if (tidy_family.find(' ') == std::string::npos) {
    name.family = std::move(tidy_family);
  } else if (std::vector<std::string_view> rest = words_of(tidy_family); !rest.empty()) {
    if (suffix.empty() && rest.size() > 1 && is_name_suffix(rest.back())) {
      name.suffix = rest.back();
      rest.pop_back();
    }
    const std::string taken = name.suffix;
    name = family_name(rest, 0, rest.size());
    name.suffix = taken;
  }
  name.given = tidy_name(given);
  if (!suffix.empty()) name.suffix = tidy_name(suffix);
  return name;
}

Name person_from_text(std::string_view text) {
  const std::string tidy = tidy_name(without_separators(text));
  if (tidy.empty()) return {};
  if (names_organisation(tidy)) {
    Name name;
    name.literal = tidy;
    return name;
  }
  const std::size_t comma = tidy.find(',');
  if (comma != npos) return from_comma_form(tidy, comma);
  return from_words(words_of(tidy));
}

}  // namespace bibsmith::bibtex
