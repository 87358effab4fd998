#pragma once

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// The dialect that a file is written in: biblatex if more of its entries use what only biblatex has (@online,
// journaltitle, date ...) than what only BibTeX has (journal, school, @techreport ...). A file that shows
// neither is BibTeX. [any thread]
Dialect measure_dialect(const Document& document);

// How new text in the file writes characters outside ASCII: as UTF-8 where the file does so, or is biblatex;
// as LaTeX where the file is in another encoding, which must not become two, and else. [any thread]
TextEncoding measure_encoding(const Document& document, Dialect dialect);

}  // namespace bibsmith::bibtex
