#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// What a command of a title needs to compile in an ordinary document (LaTeX kernel, amsmath, amssymb).
enum class CommandMode : std::uint8_t { unknown, text, math, both };

CommandMode command_mode(std::string_view name);

// Behind the letters at `at`.
std::size_t letters_end(std::string_view text, std::size_t at);

// The declaration that a two-letter font command of LaTeX 2.09 stands for ("it" -> "itshape"), or empty:
// classes other than article do not define the old ones.
std::string_view modern_font_command(std::string_view name);

// Where a command of math ends whose name ends at `end` of `tex`, with its arguments: groups, and as many
// single letters, digits and commands as it lacks (\bar\nu, \frac12); \left with all up to its \right.
std::size_t with_arguments(std::string_view tex, std::string_view name, std::size_t end);

}  // namespace bibsmith::bibtex
