#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// What a command of a title needs to compile in an ordinary document (LaTeX kernel, amsmath, amssymb).
enum class CommandMode : std::uint8_t { unknown, text, math, both };

CommandMode command_mode(std::string_view name);

// The declaration that a two-letter font command of LaTeX 2.09 stands for ("it" -> "itshape"), or empty:
// classes other than article do not define the old ones.
std::string_view modern_font_command(std::string_view name);

}  // namespace bibsmith::bibtex
