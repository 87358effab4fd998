#pragma once

#include <vector>

#include "bibtex/verify/person.hpp"
#include "bibtex/verify/venue.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// The parts of a Record as they are compared. [any thread]

std::vector<PersonText> persons_of(const Record& record);

// Journal, book and conference, in the words of the source and by the DOI; what says nothing is left out.
std::vector<VenueText> venues_of(const Record& record);

// The years in which the work was there: submission, print, online.
std::vector<int> years_of(const Record& record);

// The source flags it, or its author says so in arXiv's comment.
bool is_withdrawn(const Record& record);

// It describes a preprint, and not the work that it became.
bool is_preprint_record(const Record& record);

}  // namespace bibsmith::bibtex
