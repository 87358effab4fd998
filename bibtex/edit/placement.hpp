#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// Steps through the white space of a text, for those who cut and insert whole lines.

// The first byte at or after `at` that is not a space or tab.
std::uint32_t skip_blanks(std::string_view text, std::uint32_t at);

// The first byte at or after `at` that is not white space.
std::uint32_t skip_white_space(std::string_view text, std::uint32_t at);

// What follows the line end that stands at `at`: "\r\n" is one.
std::uint32_t skip_line_end(std::string_view text, std::uint32_t at);

std::uint32_t begin_of_line(std::string_view text, std::uint32_t at);

}  // namespace bibsmith::bibtex
