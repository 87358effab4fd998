#pragma once

#include <cstddef>
#include <string_view>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

// A letter or digit of ASCII: what words are made of once text is in to_ascii().
constexpr bool is_word_byte(char c) { return bibsmith::is_letter(c) || is_digit(c); }

// Levenshtein's distance of two words, or `bound` + 1 where it is greater than `bound`. [any thread]
std::size_t edits(std::string_view a, std::string_view b, std::size_t bound);

}  // namespace bibsmith::bibtex
