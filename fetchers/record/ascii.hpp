#pragma once

#include <optional>
#include <string_view>

namespace bibsmith {

// Characters of identifiers and links: ASCII alone, whatever the locale. [any thread]

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `prefix` is given in lower case.
constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (lower(text[i]) != prefix[i]) return false;
  }
  return true;
}

// The byte that "%2F" at the start of `text` stands for (RFC 3986, section 2.1).
constexpr std::optional<unsigned char> percent_decoded_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  int value = 0;
  for (const char c : text.substr(1, 2)) {
    const char l = lower(c);
    if (!is_digit(c) && (l < 'a' || l > 'f')) return std::nullopt;
    value = value * 16 + (is_digit(c) ? c - '0' : l - 'a' + 10);
  }
  return static_cast<unsigned char>(value);
}

}  // namespace bibsmith
