#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/verify/claim.hpp"
#include "bibtex/verify/evidence.hpp"
#include "fetchers/index/record_index.hpp"

namespace bibsmith::plugin {

struct IndexedCandidate {
  Record record;
  bibtex::Question found_by = bibtex::Question::title;
};

// What the local index has on a reference: the works of its identifiers and of its title; where there is none
// of all these, the works whose titles are near. No question is asked, and that it has none means nothing.
// [one thread at a time]
tl::expected<std::vector<IndexedCandidate>, fetchers::IndexError> index_candidates(
    fetchers::RecordIndex& index, const bibtex::Claim& claim);

}  // namespace bibsmith::plugin
