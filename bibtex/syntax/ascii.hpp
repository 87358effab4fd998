#pragma once

#include <algorithm>
#include <string_view>

namespace bibsmith::bibtex {

// Case in ASCII only: BibTeX compares types, field names, macro names and citation keys so, byte by byte.
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace bibsmith::bibtex
