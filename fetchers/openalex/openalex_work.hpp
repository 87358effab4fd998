#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/doi_batches.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view openalex_source = "openalex";
// Works of thousands of authors, with all that is known of each.
inline constexpr std::size_t openalex_line_bytes_max = 16u << 20;

// One work as OpenAlex describes it (docs.openalex.org, "Work object"): the record with its Publication, the
// arXiv id where a location of the work is arXiv, `withdrawn` where it was retracted. A preprint server is no
// container. Errors: bad_response for what is no JSON object, and for a work without a title. [any thread]
tl::expected<Record, FetchError> parse_openalex_work(std::string_view raw_work, const Origin& origin);

// One line of OpenAlex's snapshot (docs.openalex.org, "Snapshot data format"): a work, which counts as
// retrieved on its `updated_date`. Errors: as parse_openalex_work. [any thread]
tl::expected<Record, FetchError> parse_openalex_line(std::string_view line);

// The works of an answer: of /works/doi:DOI one, of /works?filter=… many. Works without a DOI are left out.
// Errors: bad_response, as parse_json, and for an answer that is neither. [any thread]
tl::expected<std::vector<AnsweredWork>, FetchError> parse_openalex_answer(std::string_view body,
                                                                          const Origin& origin);

// The works of an answer to a search, best first, those without a DOI too. [any thread]
TitleAnswer parse_openalex_hits(std::string_view body, const Origin& origin);

}  // namespace bibsmith::fetchers
