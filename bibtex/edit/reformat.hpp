#pragma once

#include <vector>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

// The look that a whole file shall have, and what may change for it beside white space.
struct Layout {
  Style style;
  bool sets_delimiters = false;  // {value} or "value" as the style has it
  bool sets_case = false;        // of entry types and field names
};

// Edits that lay the entries out in one way: each field on its line with one indent, '=' in its column, the
// closing delimiter in its place. Only white space changes, but for what `layout` allows. Values, commas,
// comments, junk, @string and @preamble stay as they are, and so does an entry with a syntax error, because
// nobody knows what its author meant. Reformatting the result again gives no edits.
std::vector<TextEdit> reformat(const Document& document, const Layout& layout);

// Whether both texts say the same: the same blocks in the same order, the same types, keys, field names and
// values, junk and comments byte for byte. Case and delimiters count unless `layout` sets them.
bool is_same_content(const Document& a, const Document& b, const Layout& layout);

}  // namespace bibsmith::bibtex
