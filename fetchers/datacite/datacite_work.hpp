#pragma once

#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/doi_batches.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// One DOI as DataCite describes it (a "dois" object of its JSON:API; DataCite metadata schema 4). Of arXiv's
// own DOIs the record is that of the paper: id with the version stated, day of v1 and of the newest version,
// categories, and the DOI of the published work (IsVersionOf). Of others it has a Publication.
// Errors: bad_response for what is no JSON object, and for an object without a DOI. [any thread]
tl::expected<Record, FetchError> parse_datacite_work(std::string_view raw_work, const Origin& origin);

// The works of an answer: of /dois/DOI one, of /dois?query=… many. What is no public DOI (state other than
// "findable") is left out. [any thread]
tl::expected<std::vector<AnsweredWork>, FetchError> parse_datacite_answer(std::string_view body,
                                                                          const Origin& origin);

}  // namespace bibsmith::fetchers
