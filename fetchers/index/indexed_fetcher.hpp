#pragma once

#include <functional>

#include "fetchers/index/record_index.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// The local index behind the sources: papers that these could not be asked for are answered from it. Their
// origin tells whose the record is, and its age. A version by name is answered only if it is the one that the
// index has. [one thread at a time]
class IndexedFetcher final : public Fetcher {
 public:
  // `sources` may be null: the network is forbidden. `index` is opened by the first paper that needs it, and
  // may give null. Both outlive this object.
  IndexedFetcher(Fetcher* sources, std::function<RecordIndex*()> index);

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

 private:
  std::optional<Record> find(const ArxivId& id);

  Fetcher* sources_;
  std::function<RecordIndex*()> index_;
};

}  // namespace bibsmith::fetchers
