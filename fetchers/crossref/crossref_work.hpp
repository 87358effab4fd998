#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/doi_batches.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// A notice that changes what a work is worth: "retraction", "correction", "withdrawal", … .
struct CrossrefUpdate {
  std::string type;
  Doi doi;  // of the notice, or of the work that it is about
};

// A work as Crossref describes it: the record, and what a Record has no place for.
struct CrossrefWork {
  Record record;  // `withdrawn` when it was retracted, withdrawn or removed; arxiv_id of its preprint
  std::vector<std::string> issn;
  std::vector<std::string> isbn;
  std::vector<CrossrefUpdate> updated_by;  // notices about this work
  std::vector<CrossrefUpdate> update_to;   // the works that this one is a notice about
};

// One work as Crossref sends it, or as a batch holds it (github.com/CrossRef/rest-api-doc, api_format.md).
// Mark-up of titles (JATS, HTML, MathML) becomes plain text. Errors: bad_response for what is no JSON object
// and for a work without a DOI. [any thread]
tl::expected<CrossrefWork, FetchError> parse_crossref_work(std::string_view raw_work, const Origin& origin);

// The works of an answer: of /works/DOI one, of /works?filter=… many. Works without a DOI are left out.
// Errors: bad_response, as parse_json, and for a message that is neither. [any thread]
tl::expected<std::vector<AnsweredWork>, FetchError> parse_crossref_answer(std::string_view body,
                                                                          const Origin& origin);

// The works of an answer to a search, best first, those without a DOI too. Errors: as parse_crossref_answer.
// [any thread]
TitleAnswer parse_crossref_hits(std::string_view body, const Origin& origin);

}  // namespace bibsmith::fetchers
