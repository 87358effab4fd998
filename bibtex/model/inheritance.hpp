#pragma once

#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// How many parents (crossref) and data containers (xdata) of one entry are followed.
inline constexpr std::size_t parents_max = 64;

// How much one entry takes from them; the rest is dropped, or a small file could stand for a huge one.
inline constexpr std::size_t inherited_bytes_max = 1 << 14;

// The entry as a style sees it: macros expanded, white space collapsed, names in lower case, each field one
// braced piece, and the fields that it lacks taken from its crossref parent and xdata containers. BibTeX:
// fields of the same name, from one parent (btxdoc, section 2.1). biblatex: by the default rules, so that the
// title of a @book becomes the booktitle of an @inbook (manual, appendix B), over several generations.
// Nothing of this is ever written back to the file. Empty fields are as absent. [any thread]
Entry resolve_entry(const Document& document, const Macros& macros, const Block& block, Dialect dialect);

// The same without parents, to see what the entry itself has.
Entry expand_entry(const Document& document, const Macros& macros, const Block& block);

// The text of a field, its pieces joined; empty if it is absent.
std::string field_text(const Entry& entry, std::string_view name);

// What biblatex or BibTeX calls the same thing: the text of the first of these that is not empty.
std::string field_text(const Entry& entry, std::string_view name, std::string_view other);

}  // namespace bibsmith::bibtex
