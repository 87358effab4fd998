#pragma once

#include "bibtex/normalize/venues.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// Whether a paper of the meeting cannot have this DOI: its prefix is that of a large publisher who never
// published the meeting's papers. Prefixes are given to registrants (DOI Handbook, section 2.2.2), and
// meetings seldom change theirs. False for meetings and prefixes that are not known. [any thread]
bool is_of_other_publisher(const Doi& doi, const Venue& meeting);

}  // namespace bibsmith::bibtex
