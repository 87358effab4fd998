#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/verify/authors.hpp"
#include "bibtex/verify/claim.hpp"
#include "bibtex/verify/evidence.hpp"
#include "bibtex/verify/title.hpp"
#include "bibtex/verify/venue.hpp"

namespace bibsmith::bibtex {

// A Claim made ready to be compared with many records.
struct ClaimText {
  explicit ClaimText(const Claim& said);

  const Claim& claim;
  TitleText title;
  std::vector<PersonText> authors;
  VenueText venue;
};

// How one candidate compares, and whether it is the work that the claim means.
struct WorkMatch {
  std::size_t candidate = 0;
  const Record* record = nullptr;
  // It was found by the claim's own DOI or arXiv id, or bears it.
  bool by_doi = false;
  bool by_arxiv_id = false;
  TitleComparison title;
  AuthorsComparison authors;
  bool says_retracted = false;
  bool is_preprint = false;  // a record of a preprint server, without the published work
  bool is_same_work = false;

  bool is_own() const { return by_doi || by_arxiv_id; }
};

// The DOI of the claim is registered for this very title.
bool is_registered_title(const ClaimText& claim, const Evidence& evidence);

// The candidates with what is common to claim and record; which of them are the same work is decided over all
// of them. The best first: whatever order the candidates came in, the order is the same.
std::vector<WorkMatch> match_works(const ClaimText& claim, const Evidence& evidence);

}  // namespace bibsmith::bibtex
