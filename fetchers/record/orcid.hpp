#pragma once

#include <string>
#include <string_view>

#include "fetchers/record/ascii.hpp"

namespace bibsmith {

// The bare ORCID iD in a text: "0000-0002-1825-0097" of "https://orcid.org/0000-0002-1825-0097". Empty: there
// is none, or its check character is wrong (ISO 7064 MOD 11-2, support.orcid.org, "Structure of the ORCID
// Identifier"). [any thread]
inline std::string orcid_in(std::string_view text) {
  constexpr std::size_t length = 19;
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.size() < length) return {};
  text.remove_prefix(text.size() - length);
  int total = 0;
  for (std::size_t i = 0; i + 1 < length; ++i) {
    if (i % 5 == 4) {
      if (text[i] != '-') return {};
    } else {
      if (!is_digit(text[i])) return {};
      total = (total + (text[i] - '0')) * 2 % 11;
    }
  }
  const int check = (12 - total) % 11;
  const char expected = check == 10 ? 'X' : static_cast<char>('0' + check);
  if (text.back() != expected && !(expected == 'X' && text.back() == 'x')) return {};
  return std::string(text.substr(0, length - 1)) + expected;
}

}  // namespace bibsmith
