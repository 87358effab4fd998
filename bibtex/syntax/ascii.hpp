#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace bibsmith::bibtex {

// Case in ASCII only: BibTeX compares types, field names, macro names and citation keys so, byte by byte.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
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
    return std::string_view::npos;
  }

 private:
  std::array<bool, 256> holds_{};
};

inline constexpr ByteSet digit_bytes("0123456789");

}  // namespace bibsmith::bibtex
