#pragma once

#include <string>

#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// What the publisher wrote into a DOI of a conference paper or a preprint. Empty and 0: nothing.
struct DoiHint {
  std::string venue;  // an acronym ("CVPR") or a server ("bioRxiv")
  int year = 0;       // of the meeting; of a preprint: when it was posted
  bool is_preprint = false;
};

// The forms of IEEE (10.1109/CVPR52688.2022.01184), AAAI (10.1609/AAAI.V35I16.17663), IJCAI, ISCA, the ACL
// Anthology, arXiv, bioRxiv and medRxiv. A DOI is the publisher's business (DOI Handbook, section 2.2.3), so
// this is a witness where a record says nothing, and no proof. [any thread]
DoiHint doi_hint(const Doi& doi);

}  // namespace bibsmith::bibtex
