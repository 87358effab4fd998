#pragma once

#include <string>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// The value of a field in a form in which two spellings of one value are equal: pieces joined by " # ", texts
// in braces, white space collapsed as BibTeX does it when it reads a value. Macros and numbers stay as they
// are. Tells whether somebody changed a value, or merely laid it out anew.
std::string comparable_value(const Document& document, const FieldNode& field);

}  // namespace bibsmith::bibtex
