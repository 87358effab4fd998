#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "fetchers/cache/store.hpp"
#include "fetchers/chain/freshness.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// The cache in front of arXiv's Atom API: asks only for what it does not hold, keeps every answer as it
// arrives, and answers from an older one when arXiv cannot be asked (the record's origin tells its age).
//
// A named version is answered from the cache for ever. A store that fails is left out from then on, with
// one warning. Store, source and clock outlive it. [one thread at a time]
class CachedFetcher final : public Fetcher {
 public:
  using Warn = std::function<void(std::string_view)>;

  // `store` may be null: nothing is kept. `source` may be null: the network is forbidden.
  CachedFetcher(Store* store, Fetcher* source, Clock& clock, Freshness freshness, Warn warn);

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

  // The source hands over each paper here (see RawEntrySink); keep() writes them when the answer is whole.
  void collect(const Record& record, std::string_view raw_entry, const Origin& origin);
  void keep();

 private:
  std::optional<Record> find(const ArxivId& id, std::chrono::sys_seconds oldest);
  bool is_missing(const ArxivId& id);
  void ask(std::span<const ArxivId> ids, std::stop_token stop, const FetchProgress& progress,
           FetchResult& result);
  void store_failed(const StoreError& error);

  Store* store_;
  Fetcher* source_;
  Clock& clock_;
  Freshness freshness_;
  Warn warn_;
  std::vector<StoredAnswer> collected_;
  std::vector<ArxivId> named_;  // versions that are being asked for: their answers need not be the newest
};

}  // namespace bibsmith::fetchers
