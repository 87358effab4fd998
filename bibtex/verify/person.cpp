#include "bibtex/verify/person.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/normalize/person.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/edit_distance.hpp"
#include "fetchers/record/markup_text.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t name_bytes_max = 400;
constexpr std::size_t words_max = 12;

bool is_particle(std::string_view word) {
  constexpr std::array particles = std::to_array<std::string_view>(
      {"van", "von", "der", "den", "de",  "del", "della", "di", "da",  "das", "dos", "do",
       "du",  "des", "la",  "le",  "las", "los", "el",    "al", "bin", "ibn", "ben", "ter",
       "ten", "te",  "zu",  "zur", "zum", "vom", "af",    "av", "y",   "e",   "d"});
  return is_one_of(word, particles);
}

bool is_suffix(std::string_view word) {
  constexpr std::array suffixes =
      std::to_array<std::string_view>({"jr", "sr", "ii", "iii", "iv", "phd", "md", "dr", "prof"});
  return is_one_of(word, suffixes);
}

bool is_upper_ascii(char c) { return c >= 'A' && c <= 'Z'; }

// A word of two or three capitals among other words is initials: "BJ Cowling", "Espinosa MP Aguirre".
bool are_initials(std::string_view word, bool has_small_letters) {
  return has_small_letters && word.size() >= 2 && word.size() <= 3 &&
         std::all_of(word.begin(), word.end(), is_upper_ascii);
}

class Words {
 public:
  void add(std::string_view text, bool has_small_letters) {
    std::size_t at = 0;
    while (at < text.size() && words_.size() < words_max) {
      while (at < text.size() && !is_letter_or_digit(text[at])) ++at;
      std::size_t end = at;
      while (end < text.size() && (is_letter_or_digit(text[end]) || text[end] == '\'')) ++end;
      if (end > at) add_word(text.substr(at, end - at), has_small_letters);
      at = end;
    }
  }

  std::vector<std::string> take() && { return std::move(words_); }

 private:
  void add_word(std::string_view word, bool has_small_letters) {
    if (std::all_of(word.begin(), word.end(), is_digit)) return;
    if (are_initials(word, has_small_letters)) {
      for (const char c : word) words_.emplace_back(1, lower(c));
      return;
    }
    std::string lowered;
    for (const char c : word) {
      if (c != '\'') lowered += lower(c);
    }
    if (!lowered.empty() && !is_suffix(lowered)) words_.push_back(std::move(lowered));
  }

  std::vector<std::string> words_;
};

bool has_small_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

// Hyphens join words here: "Nia Okonda-Reyes" is sorted under O.
std::string last_word(std::string_view text) {
  while (!text.empty()) {
    const std::size_t space = text.rfind(' ');
    Words words;
    words.add(text.substr(space == std::string_view::npos ? 0 : space + 1), false);
    if (std::string word = joined(std::move(words).take()); !word.empty()) return word;
    text = text.substr(0, space == std::string_view::npos ? 0 : space);
  }
  return {};
}

PersonText person_of(std::string_view given, std::string_view family) {
  const std::string g = to_ascii(given);
  const std::string f = to_ascii(family);
  const bool small = has_small_letters(g) || has_small_letters(f);
  Words words;
  words.add(g, small);
  words.add(f, small);
  PersonText person;
  person.words = std::move(words).take();
  // "Le" is a family name too where it stands last.
  for (std::size_t i = 0; i + 1 < person.words.size();) {
    if (is_particle(person.words[i]) && person.words.size() > 2) {
      person.words.erase(person.words.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  person.letters = joined(person.words);
  person.sort_name = last_word(f.empty() ? g : f);
  person.knows_family = !person.words.empty() && person.words.back().size() > 1;
  return person;
}

PersonText organisation(std::string_view text) {
  PersonText person = person_of({}, text);
  person.is_literal = true;
  return person;
}

std::string plain_name(std::string_view text) {
  if (text.size() > name_bytes_max) text = text.substr(0, name_bytes_max);
  std::string plain(text);
  if (plain.find_first_of("<&") != std::string::npos) plain = markup_text(plain);
  if (plain.find_first_of("\\{}$~") != std::string::npos) plain = to_unicode(plain, MathReading::convert);
  return plain;
}

// "ae", "oe" and "ue" are how German and the Nordic languages write their umlauts without accents.
std::string without_umlauts(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    out += word[i];
    const bool vowel = word[i] == 'a' || word[i] == 'o' || word[i] == 'u';
    if (vowel && i + 1 < word.size() && word[i + 1] == 'e') ++i;
  }
  return out;
}

// Short forms that do not begin like the name.
bool is_short_form(std::string_view a, std::string_view b) {
  using Pair = std::pair<std::string_view, std::string_view>;
  constexpr std::array pairs = std::to_array<Pair>({
      {"bill", "william"},    {"will", "william"},    {"bob", "robert"},      {"rob", "robert"},
      {"dick", "richard"},    {"rick", "richard"},    {"jim", "james"},       {"jimmy", "james"},
      {"mike", "michael"},    {"tom", "thomas"},      {"tony", "anthony"},    {"ted", "edward"},
      {"ted", "theodore"},    {"ned", "edward"},      {"hank", "henry"},      {"harry", "henry"},
      {"jack", "john"},       {"johnny", "john"},     {"liz", "elizabeth"},   {"beth", "elizabeth"},
      {"betty", "elizabeth"}, {"kate", "katherine"},  {"kathy", "katherine"}, {"peggy", "margaret"},
      {"maggie", "margaret"}, {"sasha", "alexander"}, {"alex", "aleksandr"},  {"dave", "david"},
      {"steve", "steven"},    {"steve", "stephen"},   {"andy", "andrew"},     {"tim", "timothy"},
      {"larry", "lawrence"},  {"chuck", "charles"},   {"charlie", "charles"}, {"becky", "rebecca"},
      {"sue", "susan"},       {"kate", "catherine"},  {"kathy", "kathleen"},  {"joe", "joseph"},
  });
  return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
  });
}

// Two given names of one person, or two spellings of a name: "Jeff" and "Jeffrey", "Sergey" and "Sergei".
bool same_given(std::string_view a, std::string_view b) {
  if (a == b) return true;
  // "Min" and "Ming" are two names, "Dan" is Daniel.
  constexpr std::size_t short_form_letters_min = 4;
  constexpr std::array three_letters = std::to_array<std::string_view>(
      {"abe", "art", "ben", "cal", "cam", "dan", "deb", "don", "dom", "gil", "jen",
       "jon", "ken", "lou", "mat", "max", "meg", "mel", "nat", "pat", "ray", "rob",
       "rod", "ron", "sam", "sid", "tim", "val", "vic", "wes", "zac"});
  const std::string_view shorter = a.size() <= b.size() ? a : b;
  const std::string_view longer = a.size() <= b.size() ? b : a;
  if (longer.starts_with(shorter) &&
      (shorter.size() >= short_form_letters_min || is_one_of(shorter, three_letters)))
    return true;
  constexpr std::size_t spelling_letters_min = 5;
  if (shorter.size() >= spelling_letters_min && word_distance(a, b, 2) <= (shorter.size() >= 7 ? 2U : 1U))
    return true;
  return is_short_form(a, b) || without_umlauts(a) == without_umlauts(b);
}

struct Alignment {
  bool all = false;       // each word of the shorter name is in the longer one
  std::size_t whole = 0;  // words that are the same in full
  std::size_t initials = 0;
  bool is_misspelt = false;
};

enum class WordMatch : std::uint8_t { none, initial, misspelt, whole };

WordMatch compare_words(std::string_view a, std::string_view b, bool are_families) {
  if (a == b) return a.size() == 1 ? WordMatch::initial : WordMatch::whole;
  if (a.size() == 1 || b.size() == 1) return a.front() == b.front() ? WordMatch::initial : WordMatch::none;
  if (!are_families) return same_given(a, b) ? WordMatch::whole : WordMatch::none;
  if (without_umlauts(a) == without_umlauts(b)) return WordMatch::whole;
  constexpr std::size_t letters_min = 5;
  const std::size_t shorter = std::min(a.size(), b.size());
  return shorter >= letters_min && word_distance(a, b, 1) <= 1 ? WordMatch::misspelt : WordMatch::none;
}

// Finds for each word of the shorter name the best word of the longer one that is still free.
Alignment align(const std::vector<std::string>& shorter, const std::vector<std::string>& longer) {
  Alignment result;
  std::array<bool, words_max> taken{};
  // Words in full first, or an initial could take the word that another one needs.
  std::array<bool, words_max> done{};
  for (const bool want_whole : {true, false}) {
    for (std::size_t i = 0; i < shorter.size(); ++i) {
      if (done[i]) continue;
      std::size_t best = longer.size();
      WordMatch best_match = WordMatch::none;
      for (std::size_t j = 0; j < longer.size(); ++j) {
        if (taken[j]) continue;
        const bool families = i + 1 == shorter.size() || j + 1 == longer.size();
        const WordMatch match = compare_words(shorter[i], longer[j], families);
        if (want_whole && match != WordMatch::whole) continue;
        if (match > best_match) {
          best_match = match;
          best = j;
        }
      }
      if (best == longer.size()) continue;
      taken[best] = true;
      done[i] = true;
      result.whole += best_match == WordMatch::whole ? 1 : 0;
      result.initials += best_match == WordMatch::initial ? 1 : 0;
      if (best_match == WordMatch::misspelt) {
        result.is_misspelt = true;
        ++result.whole;
      }
    }
  }
  result.all = std::all_of(done.begin(), done.begin() + static_cast<std::ptrdiff_t>(shorter.size()),
                           [](bool found) { return found; });
  return result;
}

bool has_only_initials(const PersonText& person) {
  return std::all_of(person.words.begin(), person.words.end(),
                     [](const std::string& word) { return word.size() == 1; });
}

}  // namespace

PersonText person_text(const Name& name) {
  if (name.is_literal()) return organisation(plain_name(name.literal));
  const std::string family = name.prefix.empty() ? name.family : name.prefix + " " + name.family;
  return person_of(plain_name(name.given), plain_name(family));
}

PersonText person_text(const Author& author) {
  if (author.is_literal) return organisation(plain_name(author.name));
  if (!author.family.empty()) return person_of(plain_name(author.given), plain_name(author.family));
  const std::string name = plain_name(author.name);
  const std::size_t comma = name.find(',');
  if (comma == std::string::npos) {
    if (names_organisation(name)) return organisation(name);
    return person_of(name, {});
  }
  return person_of(std::string_view(name).substr(comma + 1), std::string_view(name).substr(0, comma));
}

PersonMatch compare_persons(const PersonText& a, const PersonText& b) {
  if (a.letters.empty() || b.letters.empty()) return PersonMatch::other;
  if (a.letters == b.letters) return PersonMatch::same;
  if (a.is_literal != b.is_literal && (a.words.size() > 3 || b.words.size() > 3)) return PersonMatch::other;
  const PersonText& shorter = a.words.size() <= b.words.size() ? a : b;
  const PersonText& longer = a.words.size() <= b.words.size() ? b : a;
  const Alignment found = align(shorter.words, longer.words);
  if (!found.all) {
    if (without_umlauts(a.letters) == without_umlauts(b.letters)) return PersonMatch::same;
    const bool variant = a.words.size() > 1 && b.words.size() > 1 && a.words.back() == b.words.back() &&
                         a.words.back().size() > 1 &&
                         a.words.front().substr(0, 2) == b.words.front().substr(0, 2);
    return variant ? PersonMatch::variant : PersonMatch::other;
  }
  // Nobody has so many names: what stands there is not a name alone.
  constexpr std::size_t more_names_max = 4;
  if (longer.words.size() > shorter.words.size() + more_names_max) return PersonMatch::other;
  const bool initials_alone = has_only_initials(a) || has_only_initials(b);
  const bool enough = initials_alone ? found.initials >= 2 : found.whole >= 1;
  if (!enough) return PersonMatch::other;
  return found.is_misspelt ? PersonMatch::misspelt : PersonMatch::same;
}

}  // namespace bibsmith::bibtex
