#pragma once

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// How new text in the file writes the names of journals: abbreviated where most of those that the table knows
// are, else in full. Names that are their own abbreviation (Nature) and acronyms (PRD, CoRR) say nothing.
// Macros are expanded; of a large file the first thousand that say something count. [any thread]
JournalForm measure_journals(const Document& document);

}  // namespace bibsmith::bibtex
