#include "bibtex/normalize/reference_tokens.hpp"

#include <algorithm>

#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Punctuation that separates parts and means nothing by itself.
constexpr std::string_view separators = " ,;:.-()[]/\"'";

std::string_view without_marks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(separators);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin);
  // Closing brackets, quotes and dots belong to what they follow.
  const std::size_t end = text.find_last_not_of(" ,;:-([/");
  return text.substr(0, end + 1);
}

}  // namespace

ReferenceTokens tokens_of(std::string_view text) {
  ReferenceTokens tokens;
  tokens.reserve(text.size() / 3 + 4);
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (is_space(c)) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    ReferenceToken token;
    if (is_word_byte(c) || is_digit(c)) {
      bool letters = false;
      bool digits = false;
      for (end = at; end < text.size(); ++end) {
        // "C33N1", volume and number as INSPIRE writes them, are two.
        if (text[end] == 'N' && end > at && is_digit(text[end - 1]) && end + 1 < text.size() &&
            is_digit(text[end + 1]))
          break;
        if (is_digit(text[end])) {
          digits = true;
        } else if (is_word_byte(text[end])) {
          letters = true;
        } else if (text[end] != '\'' || end + 1 >= text.size() || !is_word_byte(text[end + 1]) || digits) {
          break;
        }
      }
      token.kind = letters && digits ? ReferenceToken::Kind::mixed
                   : digits          ? ReferenceToken::Kind::number
                                     : ReferenceToken::Kind::word;
    } else if (c == '(' || c == '[') {
      token.kind = ReferenceToken::Kind::open;
    } else if (c == ')' || c == ']') {
      token.kind = ReferenceToken::Kind::close;
    }
    token.span = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    tokens.push_back(token);
    at = end;
  }
  return tokens;
}

std::string unused_text(std::string_view text, const ReferenceTokens& tokens, std::size_t from,
                        std::size_t to) {
  std::string out;
  std::size_t at = from;
  while (at < to) {
    if (tokens[at].used) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    const auto joins = [&](std::size_t i) {
      return i + 1 < to && tokens[i].is(ReferenceToken::Kind::sign) && !tokens[i + 1].used &&
             std::string_view(".-&/").find(tokens[i].span.in(text)[0]) != std::string_view::npos;
    };
    while (at < to && (!tokens[at].used || joins(at))) ++at;
    const std::string_view part = without_marks(
        text.substr(tokens[begin].span.begin, tokens[at - 1].span.end - tokens[begin].span.begin));
    if (part.empty()) continue;
    if (!out.empty()) out += ", ";
    out += part;
  }
  return out;
}

}  // namespace bibsmith::bibtex
