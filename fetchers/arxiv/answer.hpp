#pragma once

#include <tl/expected.hpp>

#include "fetchers/arxiv/atom.hpp"
#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

// The feed of an answer, whatever its status, or why there is none. A feed may carry a rejection (one of a
// URL that is too long, 414, comes without a feed and becomes one). Errors: as parse_atom, and
// rejected or bad_response for a status that is not 200. Each error carries `request_url` and the status.
tl::expected<AtomFeed, FetchError> read_answer(const HttpResponse& response, const Origin& origin,
                                               const std::string& request_url);

}  // namespace bibsmith::fetchers
