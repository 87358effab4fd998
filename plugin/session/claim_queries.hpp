#pragma once

#include <string>

#include "bibtex/verify/claim.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::plugin {

// What a reference's title and authors are asked for by, and what of the answers is looked at. [any thread]

// Of each of the first two authors the longest word, which fewest others are called by.
std::string two_names(const bibtex::Claim& claim);

// The first two authors; of one alone, and the two words of the title that say most. Empty: there are none.
std::string words_of_authors(const bibtex::Claim& claim);

// Half of the words of either title, or the authors: what shares less is what a search finds when it does not
// find the work.
bool may_be_meant(const bibtex::Claim& claim, const Record& record);

}  // namespace bibsmith::plugin
