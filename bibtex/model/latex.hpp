#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// LaTeX <-> Unicode. Pure; any bytes are taken; nothing recurses on the input. [any thread]
//
// What is written needs no package but T1 font encoding (\k, \dj, \ng, \th, «») and, for the symbols that
// plain LaTeX lacks (≲), amssymb.

// What becomes of $…$ and \(…\).
enum class MathReading : std::uint8_t {
  keep,     // copied as it stands, delimiters included
  convert,  // its commands are read like those outside; the delimiters go
};

// The text that LaTeX would print: accents, letters and symbols as characters, ligatures resolved (-- is –,
// `` is “), ~ as no-break space, braces and commands without a meaning here gone, their arguments kept.
// Normalisation form C.
std::string to_unicode(std::string_view latex, MathReading math = MathReading::keep);

// Only accented letters and foreign letters become characters ({\"o}, \'{\i}, \L{}); every other byte of TeX
// stays as it is, math included.
std::string accents_to_unicode(std::string_view tex);

struct LatexText {
  std::string text;
  std::string unwritable;  // the characters, each once, that stayed UTF-8: LaTeX needs a package for them

  friend bool operator==(const LatexText&, const LatexText&) = default;
};

// Plain text as LaTeX: specials escaped, characters outside ASCII as commands in the braced form that BibTeX
// takes for one letter ({\"u}, {\v{C}}, {\L}). Soft hyphens and zero-width characters are dropped, ligatures
// (ﬁ) spelt. to_unicode() gives the text back. With TextEncoding::utf8 only the specials are escaped.
LatexText to_latex(std::string_view plain, TextEncoding encoding = TextEncoding::latex);

// The same for text that is TeX already: its ASCII bytes stay, characters outside ASCII become commands,
// inside math those that math takes.
LatexText encode_latex(std::string_view tex);

// Whether to_latex() leaves the text as it stands, in any encoding: as it does most names.
bool needs_no_latex(std::string_view plain);

// The offset behind the math that starts at tex[at] ('$', "$$", "\(" or "\["), or npos: nothing closes it, or
// the dollar is a currency ("$100 laptops for $2").
std::size_t math_end(std::string_view tex, std::size_t at);

// The bytes that end with `to` (the first offset behind a braced group that starts at `at`), or npos when the
// brace is not closed. Precondition: tex[at] == '{'. Escaped braces count, as in BibTeX.
std::size_t group_end(std::string_view tex, std::size_t at);

}  // namespace bibsmith::bibtex
