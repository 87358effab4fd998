#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// The commands that stand for one character, and the commands that put an accent on a letter.

struct LatexSymbol {
  enum class Use : std::uint8_t {
    text,       // written as {\name}; read everywhere
    math,       // written as {\ensuremath{\name}}; read everywhere
    read,       // an alias: read everywhere, never written
    math_only,  // an alias that LaTeX has in math with unicode-math only (\Beta)
  };

  std::string_view name;
  char32_t code;
  Use use;
};

// The command of that name, or nullptr.
const LatexSymbol* find_latex_symbol(std::string_view name);
// The command that writes `code`, or nullptr.
const LatexSymbol* find_latex_writer(char32_t code);

// Whether TeX prints the name of the command itself in math: \log.
bool is_operator_name(std::string_view name);
// Whether the first argument of the command is not printed: \textcolor{red}{text}, \noopsort{1973c}.
bool has_silent_argument(std::string_view name);
// \frac{1}{2} and its like.
bool is_fraction(std::string_view name);

struct LatexAccent {
  std::string_view name;  // after the backslash
  char32_t mark;          // combining
  char32_t spacing;       // what \^{} prints
  bool written;           // in the LaTeX kernel (T1)
  bool above;             // i and j lose their dot under it
};

const LatexAccent* find_latex_accent(std::string_view name);
const LatexAccent* find_latex_accent(char32_t mark);  // among those that are written

}  // namespace bibsmith::bibtex
