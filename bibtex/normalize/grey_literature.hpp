#pragma once

#include <string_view>

#include "bibtex/normalize/finding.hpp"
#include "bibtex/normalize/reference_tokens.hpp"
#include "fetchers/record/publication.hpp"

namespace bibsmith::bibtex {

// Theses and reports: what is published by an institution. Both read all of `tokens` into `publication` and
// mark what they understand; false, and nothing done, where the text names no such work.

// "PhD thesis, University of Bern, 2008"
bool read_thesis(std::string_view text, ReferenceTokens& tokens, Publication& publication,
                 NormalizeFindings& findings);

// "INRIA Research Report RR-1234 (2006)", "No RT-0408 (2011)"
bool read_report(std::string_view text, ReferenceTokens& tokens, Publication& publication,
                 NormalizeFindings& findings);

}  // namespace bibsmith::bibtex
