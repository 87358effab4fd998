#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

inline constexpr std::size_t npos = std::string_view::npos;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Of a word in UTF-8: a letter of ASCII, or a byte of any character beyond it.
constexpr bool is_word_byte(char c) { return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80; }

// Case in ASCII only: BibTeX compares types, field names, macro names and citation keys so, byte by byte.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

inline std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

template <std::size_t size>
constexpr bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A set of bytes: one look for each byte of a text, where find_first_of() makes a search of its own.
class ByteSet {
 public:
  explicit constexpr ByteSet(std::string_view bytes) {
    for (const char c : bytes) holds_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool contains(char c) const { return holds_[static_cast<unsigned char>(c)]; }
  constexpr bool any_in(std::string_view text) const {
    return std::any_of(text.begin(), text.end(), [this](char c) { return contains(c); });
  }
  // Where the first of them stands in `text`, from `from` on; npos: nowhere.
  constexpr std::size_t find_in(std::string_view text, std::size_t from = 0) const {
    for (std::size_t at = from; at < text.size(); ++at) {
      if (contains(text[at])) return at;
    }
    return npos;
  }

 private:
  std::array<bool, 256> holds_{};
};

inline constexpr ByteSet digit_bytes("0123456789");

// Without the bytes of the sets at its ends.
constexpr std::string_view trimmed(std::string_view text, const ByteSet& before, const ByteSet& behind) {
  while (!text.empty() && before.contains(text.front())) text.remove_prefix(1);
  while (!text.empty() && behind.contains(text.back())) text.remove_suffix(1);
  return text;
}
constexpr std::string_view trimmed(std::string_view text, const ByteSet& ends) {
  return trimmed(text, ends, ends);
}

}  // namespace bibsmith::bibtex
