#include "bibtex/model/name.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_separator(char c) { return c == '~' || c == '-'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) { return is_upper(c) || is_lower(c); }

struct Token {
  std::string text;
  char before = ' ';  // what separates it from the token before: ' ', '~', '-' or ','
};

// The words of a name and where its commas are (section 387).
struct Tokens {
  std::vector<Token> words;
  std::size_t commas = 0;
  std::size_t comma1 = 0;
  std::size_t comma2 = 0;
};

std::string_view without_separators(std::string_view text) {
  while (!text.empty() && (is_white(text.front()) || is_separator(text.front()))) text.remove_prefix(1);
  while (!text.empty() && (is_white(text.back()) || is_separator(text.back()) || text.back() == ',')) {
    text.remove_suffix(1);
  }
  return text;
}

Tokens tokenize(std::string_view text) {
  Tokens tokens;
  bool starting = true;
  char separator = ' ';
  const auto word = [&]() -> std::string& {
    if (starting) {
      tokens.words.push_back({{}, separator});
      separator = ' ';
      starting = false;
    }
    return tokens.words.back().text;
  };
  std::size_t level = 0;
  for (const char c : text) {
    if (level > 0 || c == '{') {
      word() += c;
      level += c == '{' ? 1U : 0U;
      level -= c == '}' ? 1U : 0U;
    } else if (c == ',') {
      if (tokens.commas < 2) {
        ++tokens.commas;
        (tokens.commas == 1 ? tokens.comma1 : tokens.comma2) = tokens.words.size();
        separator = ',';
      }
      starting = true;
    } else if (is_white(c) || is_separator(c)) {
      if (!starting) separator = is_white(c) ? ' ' : c;
      starting = true;
    } else if (c == '}') {
      word();  // unbalanced: dropped, but it begins a word
    } else {
      word() += c;
    }
  }
  return tokens;
}

// A special character is lower case when its command is a lower-case letter, or else by its first letter.
bool special_is_lower(std::string_view word, std::size_t at) {
  const std::size_t begin = at;
  while (at < word.size() && is_alpha(word[at])) ++at;
  const std::string_view command = word.substr(begin, at - begin);
  for (const std::string_view upper : {"OE", "AE", "AA", "O", "L"}) {
    if (command == upper) return false;
  }
  for (const std::string_view lower : {"i", "j", "oe", "ae", "aa", "o", "l", "ss"}) {
    if (command == lower) return true;
  }
  std::size_t level = 1;
  for (; at < word.size() && level > 0; ++at) {
    if (is_upper(word[at])) return false;
    if (is_lower(word[at])) return true;
    level += word[at] == '{' ? 1U : 0U;
    level -= word[at] == '}' ? 1U : 0U;
  }
  return false;
}

// Whether a word begins a von part (von_token_found, section 397).
bool is_von(std::string_view word) {
  for (std::size_t at = 0; at < word.size();) {
    if (is_upper(word[at])) return false;
    if (is_lower(word[at])) return true;
    if (word[at] != '{') {
      ++at;
      continue;
    }
    ++at;
    if (at + 2 < word.size() && word[at] == '\\') return special_is_lower(word, at + 1);
    for (std::size_t level = 1; at < word.size() && level > 0; ++at) {
      level += word[at] == '{' ? 1U : 0U;
      level -= word[at] == '}' ? 1U : 0U;
    }
  }
  return false;
}

std::string joined(const std::vector<Token>& words, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) out += words[i].before == '-' ? '-' : ' ';
    out += words[i].text;
  }
  return out;
}

// The von part ends behind its last lower-case word, but the last word is always Last.
std::size_t von_end(const std::vector<Token>& words, std::size_t begin, std::size_t last_end) {
  if (last_end == 0) return begin;
  std::size_t end = last_end - 1;
  while (end > begin && !is_von(words[end - 1].text)) --end;
  return std::max(end, begin);
}

Name parts_without_comma(const std::vector<Token>& words) {
  const std::size_t last_end = words.size();
  std::size_t von = 0;
  std::size_t last = 0;
  while (von + 1 < last_end && !is_von(words[von].text)) ++von;
  if (von + 1 < last_end) {
    last = von_end(words, von, last_end);
  } else {
    // No von: a hyphenated Last is taken whole.
    while (von > 0 && words[von].before == '-') --von;
    last = von;
  }
  return {joined(words, 0, von), joined(words, von, last), joined(words, last, last_end), {}, {}};
}

// Braces around the whole: "{Planck Collaboration}".
bool is_one_group(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  std::size_t level = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    level += text[i] == '{' ? 1U : 0U;
    level -= text[i] == '}' ? 1U : 0U;
    if (level == 0 && i + 1 < text.size()) return false;
  }
  return true;
}

std::string balanced(std::string_view text) {
  static constexpr ByteSet braces("{}");
  if (!braces.any_in(text)) return std::string(text);
  std::string out;
  std::vector<std::size_t> open;
  for (const char c : text) {
    if (c == '}') {
      if (open.empty()) continue;
      open.pop_back();
    } else if (c == '{') {
      open.push_back(out.size());
    }
    out += c;
  }
  while (!open.empty()) {
    out.erase(open.back(), 1);
    open.pop_back();
  }
  return out;
}

std::string_view spaces_trimmed(std::string_view text) {
  while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
  return text;
}

std::string braced(std::string_view text) { return "{" + std::string(text) + "}"; }

// Whether the word that ends behind `end` is "and".
bool is_and(std::string_view part, std::size_t end) {
  if (end < 2 || (part[end] | 0x20) != 'd' || (part[end - 1] | 0x20) != 'n' || (part[end - 2] | 0x20) != 'a')
    return false;
  return (end == 2 || part[end - 3] == ' ') && (end + 1 == part.size() || part[end + 1] == ' ');
}

// Nothing in it but letters, dots, apostrophes, single blanks, and hyphens inside that no lower-case word
// stands at, and no "and": BibTeX cannot misread it.
bool is_harmless(std::string_view part, bool may_have_blanks) {
  char before = ' ';
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    if (is_alpha(c)) {
      if ((c == 'd' || c == 'D') && is_and(part, i)) return false;
    } else if (c == '-') {
      if (!is_upper(part[0]) || !(is_alpha(before) || before == '.')) return false;
      if (i + 1 == part.size() || !is_upper(part[i + 1])) return false;
    } else if (c == '\'') {
      if (before == c) return false;
    } else if (c != '.') {
      if (c != ' ' || !may_have_blanks || before == ' ' || i + 1 == part.size()) return false;
    }
    before = c;
  }
  return !part.empty();
}

// Whether an "and" in the part would end the name, among the words around it.
bool holds_and(std::string_view part) { return split_names("x " + std::string(part) + " x").size() != 1; }

// Reads back as one part, commas and "and" included.
bool survives(std::string_view part, bool in_given) {
  if (is_harmless(part, in_given)) return true;
  if (holds_and(part)) return false;
  const Tokens tokens = tokenize(part);
  if (tokens.commas > 0 || tokens.words.empty()) return false;
  if (joined(tokens.words, 0, tokens.words.size()) != part) return false;
  if (in_given) return true;
  return std::none_of(tokens.words.begin(), tokens.words.end() - 1,
                      [](const Token& t) { return is_von(t.text); });
}

// A prefix is one to BibTeX when its last word begins in lower case.
bool is_prefix(std::string_view part) {
  const Tokens tokens = tokenize(part);
  return !tokens.words.empty() && tokens.commas == 0 && is_von(tokens.words.back().text) &&
         !holds_and(part) && joined(tokens.words, 0, tokens.words.size()) == part;
}

// A family name and a given one that need no second look.
bool is_plain_person(const Name& name) {
  return name.literal.empty() && name.prefix.empty() && name.suffix.empty() &&
         is_harmless(name.family, false) && is_harmless(name.given, true);
}

// What stands before the first '=' outside braces and quotes, in lower case, and what is behind it; both
// without white space around them.
struct Assignment {
  std::string name;
  std::string_view value;
};

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// The parts between commas outside braces and quotes, each of them an assignment. Empty: one is not.
std::vector<Assignment> assignments(std::string_view text) {
  std::vector<Assignment> all;
  std::size_t level = 0;
  bool in_quotes = false;
  std::size_t begin = 0;
  std::size_t equals = npos;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ',';
    if (at == text.size() || (c == ',' && level == 0 && !in_quotes)) {
      if (equals == npos) return {};
      all.push_back({in_lower_case(spaces_trimmed(text.substr(begin, equals - begin))),
                     unquoted(spaces_trimmed(text.substr(equals + 1, at - equals - 1)))});
      begin = at + 1;
      equals = npos;
    } else if (c == '{') {
      ++level;
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
    } else if (c == '"' && level == 0) {
      in_quotes = !in_quotes;
    } else if (c == '=' && level == 0 && equals == npos) {
      equals = at;
    }
  }
  return all;
}

}  // namespace

std::optional<Name> parse_extended_name(std::string_view text) {
  if (text.find('=') == npos) return std::nullopt;
  Name name;
  bool has_part = false;
  for (const Assignment& one : assignments(unquoted(spaces_trimmed(text)))) {
    std::string* const part = one.name == "family"   ? &name.family
                              : one.name == "given"  ? &name.given
                              : one.name == "prefix" ? &name.prefix
                              : one.name == "suffix" ? &name.suffix
                                                     : nullptr;
    if (part == nullptr) continue;  // initials and options, "useprefix=true"
    *part = one.value;
    has_part = true;
  }
  if (!has_part) return std::nullopt;
  if (name.family.empty()) name.family = std::exchange(name.given, {});
  return name;
}

Name read_name(std::string_view text) {
  auto extended = parse_extended_name(text);
  return extended ? *std::move(extended) : parse_name(text);
}

Name parse_name(std::string_view text) {
  const Tokens tokens = tokenize(without_separators(text));
  const std::vector<Token>& words = tokens.words;
  if (words.empty()) return {};
  if (tokens.commas == 0) return parts_without_comma(words);

  const std::size_t last_end = tokens.comma1;
  const std::size_t suffix_end = tokens.commas == 1 ? last_end : tokens.comma2;
  const std::size_t last = von_end(words, 0, last_end);
  return {joined(words, suffix_end, words.size()),
          joined(words, 0, last),
          joined(words, last, last_end),
          joined(words, last_end, suffix_end),
          {}};
}

std::vector<std::string_view> split_names(std::string_view field) {
  std::vector<std::string_view> names;
  std::size_t level = 0;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end) {
    const std::string_view name = spaces_trimmed(field.substr(begin, end - begin));
    if (!name.empty()) names.push_back(name);
  };
  for (std::size_t at = 0; at < field.size(); ++at) {
    const char c = field[at];
    if (c == '{') ++level;
    if (c == '}' && level > 0) --level;
    if (level > 0 || (c != 'a' && c != 'A') || at == 0 || !is_white(field[at - 1])) continue;
    if (at + 3 >= field.size() || !is_white(field[at + 3])) continue;
    if ((field[at + 1] | 0x20) != 'n' || (field[at + 2] | 0x20) != 'd') continue;
    take(at);
    begin = at + 3;
    at += 2;
  }
  take(field.size());
  return names;
}

std::string format_name(const Name& name) {
  if (name.is_literal()) {
    const std::string literal = balanced(spaces_trimmed(name.literal));
    return is_one_group(literal) ? literal : braced(literal);
  }
  const std::string given = balanced(spaces_trimmed(name.given));
  const std::string suffix = balanced(spaces_trimmed(name.suffix));
  std::string prefix = balanced(spaces_trimmed(name.prefix));
  std::string family = balanced(spaces_trimmed(name.family));
  if (!prefix.empty() && !is_prefix(prefix)) {
    family = family.empty() ? prefix : prefix + " " + family;
    prefix.clear();
  }
  if (family.empty()) return given.empty() ? std::string() : braced(given);
  if (given.empty() && !suffix.empty())
    return braced(prefix.empty() ? family + " " + suffix : prefix + " " + family + " " + suffix);

  if (!survives(family, false) && !is_one_group(family)) family = braced(family);
  std::string out = prefix.empty() ? family : prefix + " " + family;
  // Without a comma, words before the von part or before the last word would be First.
  if (given.empty() && !is_harmless(out, false) && !is_one_group(out)) {
    const Name read = parse_name(out);
    if (!read.given.empty() || read.prefix != prefix || read.family != family) return braced(out);
  }
  if (!suffix.empty()) out += ", " + (survives(suffix, true) ? suffix : braced(suffix));
  if (!given.empty()) out += ", " + (survives(given, true) ? given : braced(given));
  return out;
}

bool append_plain_name(std::string& out, const Name& name) {
  if (!is_plain_person(name)) return false;
  if (!out.empty()) out += " and ";
  out += name.family;
  out += ", ";
  out += name.given;
  return true;
}

void append_name(std::string& out, const Name& name) {
  if (append_plain_name(out, name)) return;  // nearly everyone
  const std::string one = format_name(name);
  if (one.empty()) return;
  if (!out.empty()) out += " and ";
  // The word that stands for "et al." is a name only in braces.
  out += one == "others" ? braced(one) : one;
}

std::string format_names(const std::vector<Name>& names, bool others) {
  std::string out;
  for (const Name& name : names) append_name(out, name);
  if (others && !out.empty()) out += " and others";
  return out;
}

}  // namespace bibsmith::bibtex
