#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include <tl/expected.hpp>

#include "fetchers/record/date.hpp"
#include "fetchers/record/fetcher.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

struct HarvestRequest {
  std::string set;  // "cs", "physics:hep-th"; empty: all
  Date from;        // unknown: where the last harvest of that set ended, else the beginning
  Date until;       // unknown: up to now
};

struct HarvestAnswer {
  std::uint64_t pages = 0;
  std::uint64_t records = 0;  // taken in by this run
  std::uint64_t deleted = 0;
  Date from;             // from where it asked
  bool resumed = false;  // it went on with a list that an earlier run had begun
  bool finished = false;
  std::optional<FetchError> error;  // why it is not finished; what came is kept
};

using HarvestProgress = std::function<void(std::uint64_t records, std::optional<std::size_t> total)>;

// Lists arXiv's papers by the day of their last change, by OAI-PMH, into the local index, page by page at the
// pace that arXiv asks for. What came is kept with the token of the next page: a run that ends early, however
// it ends, is gone on with by the next one of the same request. A token that arXiv no longer takes begins the
// list anew at the last day that was seen. The error is a line for the user: the index cannot be used.
tl::expected<HarvestAnswer, std::string> harvest(Session& session, const HarvestRequest& request,
                                                 const std::stop_token& stop = {},
                                                 const HarvestProgress& progress = {});

}  // namespace bibsmith::plugin
