#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"
#include "bibtex/normalize/finding.hpp"

namespace bibsmith::bibtex {

inline constexpr std::size_t title_bytes_max = 16384;  // arXiv's own limit is far below

// A title as arXiv stores it (TeX with accents of either kind, bare scripts, HTML left-overs) as a field
// value: TeX stays TeX, math stays math, everything that TeX would choke on is escaped once, capitals that
// a style would lower are protected, braces balance as BibTeX counts them. Normalizing twice changes nothing
// more. Adds to `findings` what had to be mended. docs/normalizing.md has the rules. [any thread]
std::string normalize_title(std::string_view raw, TextEncoding encoding, NormalizeFindings& findings);

// Other text of a record (a journal, a book title) likewise, capitals left as they are: no style lowers
// those. [any thread]
std::string normalize_text(std::string_view raw, TextEncoding encoding, NormalizeFindings& findings);

// The steps, each on the result of the one before.

// &amp; and <sub>2</sub> that other services left behind, as characters and TeX.
std::string markup_to_tex(std::string_view text);

// TeX that compiles: specials outside math escaped, scripts put into math, arrows and quotes as TeX has them,
// commands that nobody defines replaced, braces balanced.
std::string make_safe(std::string_view tex, NormalizeFindings& findings);

// Braces around the words of which a style would lower a capital that matters.
std::string protect_capitals(std::string_view tex, NormalizeFindings& findings);

}  // namespace bibsmith::bibtex
