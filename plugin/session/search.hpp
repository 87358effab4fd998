#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include <tl/expected.hpp>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What to look for; every part that is set must match.
struct SearchRequest {
  std::string words;  // anywhere
  std::string title;
  std::string author;
  std::string abstract;
  std::string category;  // "cs.CL", "cs.*"
  std::string from;      // first submitted from this day on: YYYY, YYYY-MM or YYYY-MM-DD
  std::string to;        // … to this day
  std::uint32_t results_max = 20;
  fetchers::SortBy sort_by = fetchers::SortBy::relevance;
  bool local = false;  // the local index alone is asked, as it always is offline
};

struct SearchRequestError {
  std::string message;
};

// Asks arXiv; what it finds goes into the cache. Offline, and where `local` says so, the local index is
// asked: all that was ever seen, imported or harvested, the newest first, with typos in words forgiven.
// Errors are of the request; that arXiv could not be asked stands in the result.
tl::expected<fetchers::SearchResult, SearchRequestError> search(Session& session,
                                                                const SearchRequest& request,
                                                                std::stop_token stop = {});

}  // namespace bibsmith::plugin
