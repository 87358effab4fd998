#include "bibtex/model/key_pattern.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <unicode/regex.h>

#include "bibtex/model/key_formula.hpp"
#include "bibtex/model/key_marker.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t pattern_bytes_max = 1024;
constexpr std::size_t key_bytes_max = 128;
constexpr std::size_t regex_input_bytes_max = 512;
constexpr std::int32_t regex_steps_max = 1000;  // ICU's unit: about a millisecond each
constexpr std::int32_t regex_stack_bytes_max = 1 << 20;

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_word_character(char c) { return is_letter(c) || is_digit(c); }

// What may stand in a key for bibtex, biber, and \cite alike.
bool is_key_character(char c) {
  return is_word_character(c) || std::string_view("-_.:+/*!?@|").find(c) != std::string_view::npos;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string each(std::string text, char (*change)(char)) {
  for (char& c : text) c = change(c);
  return text;
}

char lower_one(char c) { return lower(c); }

// Applies `change` to the first letter of each word.
template <typename Change>
std::string at_word_starts(std::string text, Change change) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 0 || is_white_space(text[i - 1]) || text[i - 1] == '-') text[i] = change(text[i]);
  }
  return text;
}

std::string initials(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_word_character(text[i]) && (i == 0 || !is_word_character(text[i - 1]))) out += text[i];
  }
  return out;
}

std::optional<icu::UnicodeString> replace_all(const std::string& expression, const std::string& replacement,
                                              std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto unicode = [](std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  };
  const icu::UnicodeString input = unicode(text.substr(0, regex_input_bytes_max));
  icu::RegexMatcher matcher(unicode(expression), input, 0, status);
  if (U_FAILURE(status)) return std::nullopt;
  matcher.setTimeLimit(regex_steps_max, status);
  matcher.setStackLimit(regex_stack_bytes_max, status);
  icu::UnicodeString out = matcher.replaceAll(unicode(replacement), status);
  if (U_FAILURE(status)) return std::nullopt;
  return out;
}

// The end of the marker that begins behind '[': its ']', not one inside quotes; npos: none.
std::size_t marker_end(std::string_view pattern, std::size_t begin) {
  bool in_quotes = false;
  for (std::size_t at = begin; at < pattern.size(); ++at) {
    if (in_quotes && pattern[at] == '\\') {
      ++at;
    } else if (pattern[at] == '"') {
      in_quotes = !in_quotes;
    } else if (!in_quotes && pattern[at] == ']') {
      return at;
    }
  }
  return std::string_view::npos;
}

// The ':' that ends the modifier at `begin`, or `end`.
std::size_t modifier_end(std::string_view pattern, std::size_t begin, std::size_t end) {
  bool in_quotes = false;
  std::size_t depth = 0;
  for (std::size_t at = begin; at < end; ++at) {
    const char c = pattern[at];
    if (in_quotes && c == '\\') {
      ++at;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (!in_quotes && c == '(') {
      ++depth;
    } else if (!in_quotes && c == ')' && depth > 0) {
      --depth;
    } else if (!in_quotes && depth == 0 && c == ':') {
      return at;
    }
  }
  return end;
}

// The string that begins with the quote at `at`, which moves behind it; backslash quotes a quote.
std::optional<std::string> take_string(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == ' ') ++at;
  if (at == text.size() || text[at] != '"') return std::nullopt;
  std::string out;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') {
      ++at;
      while (at < text.size() && text[at] == ' ') ++at;
      return out;
    }
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') ++at;
    out += text[at];
  }
  return std::nullopt;
}

}  // namespace

tl::expected<KeyPattern, PatternError> KeyPattern::parse(std::string_view pattern) {
  if (pattern.size() > pattern_bytes_max) {
    return tl::unexpected(PatternError{pattern_bytes_max, "pattern is longer than 1024 bytes"});
  }
  const auto formula = pattern_of_formula(pattern);
  if (!formula) return parse_brackets(pattern);
  if (!*formula) return tl::unexpected(formula->error());
  auto parsed = parse_brackets(**formula);
  if (!parsed)
    return tl::unexpected(PatternError{0, parsed.error().message});  // its place is in the other form
  return parsed;
}

tl::expected<KeyPattern, PatternError> KeyPattern::parse_brackets(std::string_view pattern) {
  KeyPattern out;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) out.parts_.push_back(Part{std::exchange(literal, {}), false, {}});
  };
  bool has_marker = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == ']') return tl::unexpected(PatternError{at, "']' without '['"});
    if (pattern[at] != '[') {
      if (!is_key_character(pattern[at])) {
        return tl::unexpected(
            PatternError{at, std::string("a citation key cannot hold '") + pattern[at] + '\''});
      }
      literal += pattern[at];
      continue;
    }
    const std::size_t end = marker_end(pattern, at + 1);
    if (end == std::string_view::npos) return tl::unexpected(PatternError{at, "'[' is never closed"});
    auto marker = parse_marker(pattern, at + 1, end);
    if (!marker) return tl::unexpected(marker.error());
    flush();
    out.parts_.push_back(std::move(*marker));
    has_marker = true;
    at = end;
  }
  flush();
  if (!has_marker) return tl::unexpected(PatternError{0, "pattern has no marker, such as [auth]"});
  return out;
}

tl::expected<KeyPattern::Part, PatternError> KeyPattern::parse_marker(std::string_view pattern,
                                                                      std::size_t begin, std::size_t end) {
  Part part;
  part.is_marker = true;
  std::size_t at = std::min(end, pattern.find(':', begin));
  part.text = pattern.substr(begin, at - begin);
  const auto is_name_character = [](char c) {
    return is_word_character(c) || c == '-' || c == '_' || c == '.';
  };
  if (part.text.empty() || !std::all_of(part.text.begin(), part.text.end(), is_name_character)) {
    return tl::unexpected(PatternError{begin, "expected the name of a marker, got '" + part.text + '\''});
  }
  while (at < end) {
    const std::size_t modifier = at + 1;
    at = modifier_end(pattern, modifier, end);
    auto parsed = parse_modifier(pattern, modifier, at);
    if (!parsed) return tl::unexpected(parsed.error());
    part.modifiers.push_back(std::move(*parsed));
  }
  return part;
}

tl::expected<KeyPattern::Modifier, PatternError> KeyPattern::parse_modifier(std::string_view pattern,
                                                                            std::size_t begin,
                                                                            std::size_t end) {
  using Kind = Modifier::Kind;
  const std::string_view text = pattern.substr(begin, end - begin);
  static constexpr std::array words =
      std::to_array<std::pair<std::string_view, Kind>>({{"lower", Kind::lower},
                                                        {"upper", Kind::upper},
                                                        {"capitalize", Kind::capitalize},
                                                        {"titlecase", Kind::titlecase},
                                                        {"title_case", Kind::titlecase},
                                                        {"sentencecase", Kind::sentencecase},
                                                        {"sentence_case", Kind::sentencecase},
                                                        {"abbr", Kind::abbr},
                                                        {"camel", Kind::camel},
                                                        {"camel_case", Kind::camel}});
  for (const auto& [word, kind] : words) {
    if (text == word) return Modifier{kind, 0, {}, {}};
  }
  if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
    return Modifier{Kind::otherwise, 0, std::string(text.substr(1, text.size() - 2)), {}};
  }
  if (text.starts_with("truncate")) {
    std::size_t number = 0;
    const char* const last = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 8, last, number);
    if (error == std::errc() && stop == last && number > 0) return Modifier{Kind::truncate, number, {}, {}};
    return tl::unexpected(PatternError{begin, "expected a number behind 'truncate', as in truncate8"});
  }
  if (text.starts_with("regex(") && text.back() == ')') {
    const std::string_view inner = text.substr(6, text.size() - 7);
    std::size_t at = 0;
    auto expression = take_string(inner, at);
    const bool has_comma = expression && at < inner.size() && inner[at] == ',';
    if (has_comma) ++at;
    auto replacement = has_comma ? take_string(inner, at) : std::nullopt;
    if (!replacement || at != inner.size()) {
      return tl::unexpected(PatternError{begin, "expected regex(\"EXPRESSION\",\"REPLACEMENT\")"});
    }
    if (!replace_all(*expression, *replacement, "")) {
      return tl::unexpected(PatternError{begin, "not a regular expression: " + *expression});
    }
    return Modifier{Kind::regex, 0, std::move(*expression), std::move(*replacement)};
  }
  return tl::unexpected(PatternError{begin, "no such modifier: '" + std::string(text) + '\''});
}

std::string KeyPattern::modified(std::string text, const Modifier& modifier) {
  using Kind = Modifier::Kind;
  switch (modifier.kind) {
    case Kind::lower:
      return each(std::move(text), lower_one);
    case Kind::upper:
      return each(std::move(text), upper);
    case Kind::capitalize:
      return at_word_starts(std::move(text), upper);
    case Kind::titlecase:
      return at_word_starts(each(std::move(text), lower_one), upper);
    case Kind::sentencecase:
      text = each(std::move(text), lower_one);
      if (!text.empty()) text.front() = upper(text.front());
      return text;
    case Kind::abbr:
      return initials(text);
    case Kind::camel:
      text = at_word_starts(each(std::move(text), lower_one), upper);
      std::erase_if(text, is_white_space);
      return text;
    case Kind::truncate:
      return text.substr(0, modifier.number);
    case Kind::otherwise:
      return text.empty() ? modifier.text : text;
    case Kind::regex:
      break;
  }
  // An expression that takes too long changes nothing: the key is as if it did not match.
  if (const auto replaced = replace_all(modifier.text, modifier.replacement, text)) {
    text.clear();
    replaced->toUTF8String(text);
  }
  return text;
}

std::string KeyPattern::key(const Entry& entry) const {
  std::string out;
  bool found = false;
  for (const Part& part : parts_) {
    std::string text = part.text;
    if (part.is_marker) {
      text = key_marker_text(part.text, entry);
      for (const Modifier& modifier : part.modifiers) text = modified(std::move(text), modifier);
      std::erase_if(text, [](char c) { return !is_key_character(c); });
      found = found || !text.empty();
    }
    out += text;
  }
  return found ? out.substr(0, key_bytes_max) : std::string();
}

}  // namespace bibsmith::bibtex
