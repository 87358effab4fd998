#include "bibtex/normalize/tex_commands.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/latex_tables.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::array text_commands = std::to_array<std::string_view>({
    "LaTeX",   "LaTeXe",   "TeX",           "bfseries",        "em",
    "emph",    "itshape",  "mdseries",      "normalfont",      "rmfamily",
    "scshape", "sffamily", "slash",         "slshape",         "textbf",
    "textit",  "textmd",   "textnormal",    "textrm",          "textsc",
    "textsf",  "textsl",   "textsubscript", "textsuperscript", "texttt",
    "textup",  "ttfamily", "underline",     "upshape",         "url",
});

constexpr std::array either = std::to_array<std::string_view>({
    "ensuremath",
    "hbox",
    "hspace",
    "mbox",
    "protect",
    "quad",
    "qquad",
    "relax",
    "thinspace",
});

constexpr std::array math_commands = std::to_array<std::string_view>({
    "Big",
    "Bigg",
    "Bigl",
    "Bigr",
    "Pr",
    "acute",
    "arccos",
    "arcsin",
    "arctan",
    "arg",
    "bar",
    "begin",
    "big",
    "bigg",
    "bigl",
    "bigr",
    "binom",
    "bm",
    "bmod",
    "boldmath",
    "boldsymbol",
    "breve",
    "cal",
    "check",
    "choose",
    "cos",
    "cosh",
    "cot",
    "coth",
    "csc",
    "ddot",
    "deg",
    "det",
    "dfrac",
    "dim",
    "displaystyle",
    "dot",
    "end",
    "exp",
    "frac",
    "gcd",
    "grave",
    "hat",
    "hom",
    "hslash",
    "hskip",
    "imath",
    "inf",
    "jmath",
    "ker",
    "left",
    "lg",
    "lim",
    "liminf",
    "limits",
    "limsup",
    "ln",
    "log",
    "mathbb",
    "mathbf",
    "mathbin",
    "mathcal",
    "mathfrak",
    "mathit",
    "mathop",
    "mathrel",
    "mathring",
    "mathrm",
    "mathscr",
    "mathsf",
    "mathtt",
    "max",
    "middle",
    "min",
    "mod",
    "nolimits",
    "nonumber",
    "not",
    "operatorname",
    "over",
    "overbrace",
    "overleftarrow",
    "overline",
    "overrightarrow",
    "overset",
    "phantom",
    "pmod",
    "prod",
    "right",
    "root",
    "scriptscriptstyle",
    "scriptstyle",
    "sec",
    "sin",
    "sinh",
    "smash",
    "sqrt",
    "stackrel",
    "substack",
    "sum",
    "sup",
    "tan",
    "tanh",
    "text",
    "textstyle",
    "tfrac",
    "tilde",
    "underbrace",
    "underset",
    "varinjlim",
    "varprojlim",
    "vec",
    "widehat",
    "widetilde",
    "xleftarrow",
    "xrightarrow",
    "Vec",
    "bigcirc",
    "int",
    "oint",
    "bigoplus",
    "bigotimes",
    "backslash",
    "lvert",
    "rvert",
    "lVert",
    "rVert",
    "iff",
    "implies",
    "doteq",
    "cong",
    "dagger",
    "ddagger",
    "diamondsuit",
    "clubsuit",
    "heartsuit",
    "spadesuit",
    "cdot",
    "cdotp",
    "dotsc",
    "dotsb",
    "prime",
    "hbar",
    "Hat",
    "longrightarrow",
    "rm",
    "bf",
    "it",
    "sf",
    "tt",
    "sl",
    "mit",
    "underleftarrow",
    "lhd",
    "rhd",
    "unlhd",
    "unrhd",
    "leadsto",
    "Join",
    "lgroup",
    "rgroup",
    "arrowvert",
    "Arrowvert",
    "vert",
    "Vert",
    "mathnormal",
    "strut",
    "vphantom",
    "hphantom",
    "mathclose",
    "mathopen",
    "mathord",
    "mathpunct",
    "mathinner",
    "tbinom",
    "dbinom",
    "cfrac",
    "genfrac",
    "pmb",
    "div",
    "lnot",
    "neg",
    "pm",
    "times",
});

struct OldFont {
  std::string_view old_name;
  std::string_view new_name;
};
constexpr OldFont old_fonts[] = {{"it", "itshape"},  {"bf", "bfseries"}, {"rm", "rmfamily"},
                                 {"sf", "sffamily"}, {"tt", "ttfamily"}, {"sc", "scshape"},
                                 {"sl", "slshape"}};

bool is_in(std::string_view word, auto&& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// How many arguments a command of math takes; of those that may stand without braces.
std::size_t argument_count(std::string_view name) {
  constexpr std::array one = std::to_array<std::string_view>(
      {"acute",  "bar",      "bm",     "boldsymbol", "breve",   "check",    "ddot",
       "dot",    "grave",    "hat",    "mathbb",     "mathbf",  "mathcal",  "mathfrak",
       "mathit", "mathring", "mathrm", "mathscr",    "mathsf",  "mathtt",   "overline",
       "pmb",    "sqrt",     "tilde",  "vec",        "widehat", "widetilde"});
  constexpr std::array two =
      std::to_array<std::string_view>({"binom", "dbinom", "dfrac", "frac", "tbinom", "tfrac"});
  if (std::ranges::find(one, name) != one.end()) return 1;
  return std::ranges::find(two, name) != two.end() ? 2 : 0;
}

// Behind the arguments of a command that begin at `end`: groups, and as many single letters, digits and
// commands as it lacks (\bar\nu, \frac12).
std::size_t arguments_end(std::string_view tex, std::string_view name, std::size_t end) {
  const std::size_t wanted = argument_count(name);
  for (std::size_t count = 0;; ++count) {
    std::size_t at = end;
    while (count < wanted && at < tex.size() && tex[at] == ' ') ++at;
    if (at == tex.size()) return end;
    if (tex[at] == '{') {
      const std::size_t close = group_end(tex, at);
      if (close == npos) return end;
      end = close;
    } else if (count < wanted && tex[at] == '\\' && at + 1 < tex.size() && is_ascii_letter(tex[at + 1])) {
      end = letters_end(tex, at + 1);
    } else if (count < wanted && (is_ascii_letter(tex[at]) || is_digit(tex[at]))) {
      end = at + 1;
    } else {
      return end;
    }
  }
}

// Behind the \right that closes a \left before `end`, and its delimiter; npos: none does.
std::size_t right_end(std::string_view tex, std::size_t end) {
  constexpr std::size_t bytes_max = 256;  // a search to the end for each \left would take squared time
  const std::string_view near = tex.substr(0, end + bytes_max);
  std::size_t delimiter = npos;
  do {
    const std::size_t right = near.find("\\right", end);
    if (right == npos) return npos;
    delimiter = end = right + 6;
    if (delimiter >= tex.size()) return npos;
  } while (is_ascii_letter(tex[delimiter]));  // \rightarrow
  if (tex[delimiter] != '\\') return delimiter + 1;
  const std::size_t name_end = letters_end(tex, delimiter + 1);
  return std::min(std::max(name_end, delimiter + 2), tex.size());
}

}  // namespace

std::size_t letters_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_letter(text[at])) ++at;
  return at;
}

std::size_t with_arguments(std::string_view tex, std::string_view name, std::size_t end) {
  const std::size_t right = name == "left" ? right_end(tex, end) : npos;
  return right != npos ? right : arguments_end(tex, name, end);
}

CommandMode command_mode(std::string_view name) {
  if (is_in(name, either)) return CommandMode::both;
  if (is_in(name, text_commands)) return CommandMode::text;
  if (is_in(name, math_commands)) return CommandMode::math;
  if (find_latex_accent(name) != nullptr) return CommandMode::text;
  const LatexSymbol* const symbol = find_latex_symbol(name);
  if (symbol == nullptr || symbol->use == LatexSymbol::Use::math_only) return CommandMode::unknown;
  if (symbol->use == LatexSymbol::Use::math) return CommandMode::math;
  // Aliases: those of letters and signs are text, those of operators math.
  const bool text_alias = name.starts_with("text") || symbol->code < 0x100 || symbol->code == 0x2026;
  if (symbol->use == LatexSymbol::Use::read) return text_alias ? CommandMode::both : CommandMode::math;
  return CommandMode::text;
}

std::string_view modern_font_command(std::string_view name) {
  for (const OldFont& font : old_fonts) {
    if (font.old_name == name) return font.new_name;
  }
  return {};
}

}  // namespace bibsmith::bibtex
