#pragma once

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// The Entry that an entry block writes: type, key and fields as written, macros not expanded. A field whose
// value is missing is left out, and a value that was never closed gets the braces that it lacks, so that the
// result can be written again.
Entry to_entry(const Document& document, const Block& block);

// The value of one field, likewise.
Value to_value(const Document& document, const FieldNode& field);

}  // namespace bibsmith::bibtex
