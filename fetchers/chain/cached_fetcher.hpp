#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fetchers/cache/store.hpp"
#include "fetchers/chain/freshness.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// The cache in front of the sources of arXiv's papers: asks only for what it does not hold, keeps every
// answer as it arrives, and answers from an older one when no source can be asked (the record's origin tells
// whose it is and its age). A fresh answer of any source will do, of Atom first, then OAI-PMH, then DataCite.
//
// A named version is answered from the cache for ever. Names that Atom gives whole come in parts when an
// answer of OAI-PMH about the same paper is there and has the same names. A store that fails is left out from
// then on, with one warning. Store, source and clock outlive it. [one thread at a time]
class CachedFetcher final : public Fetcher {
 public:
  using Warn = std::function<void(std::string_view)>;

  // `store` may be null: nothing is kept. `source` may be null: the network is forbidden.
  CachedFetcher(Store* store, Fetcher* source, Clock& clock, Freshness freshness, Warn warn);

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

  // Hears of each record while fetch() goes on, on its thread. It may not be the last word: another source
  // may be asked about the same paper, or complete the names. Empty: nobody listens.
  using Arrived = std::function<void(const RecordPointer& record)>;
  void on_arrival(Arrived arrived) { arrived_ = std::move(arrived); }

  // The sources hand over each paper here (see RawAnswerSink); keep() writes them when the answer is whole.
  void collect(const RecordPointer& record, std::string_view raw_answer, const Origin& origin);
  void keep();

 private:
  // For look-ups of these papers, by any source.
  std::shared_ptr<void> reading_of(std::span<const ArxivId> ids);
  // The sources that the store has answers of (during a reading: of its papers), in the order of preference.
  std::vector<std::string_view> sources_held();
  std::optional<Record> find(const ArxivId& id, std::string_view source, std::chrono::sys_seconds oldest);
  std::optional<Record> find_fresh(const ArxivId& id, const std::vector<std::string_view>& sources);
  std::optional<Record> find_newest(const ArxivId& id, const std::vector<std::string_view>& sources);
  bool is_missing(const ArxivId& id);
  using Known = std::unordered_map<ArxivId, RecordPointer, ArxivIdHash>;
  void complete_names(Known& known, const std::vector<std::string_view>& held);
  void ask(std::span<const ArxivId> ids, std::stop_token stop, const FetchProgress& progress,
           FetchResult& result);
  void store_failed(const StoreError& error);

  Store* store_;
  Fetcher* source_;
  Clock& clock_;
  Freshness freshness_;
  Warn warn_;
  Arrived arrived_;
  std::vector<StoredAnswer> collected_;
  std::vector<ArxivId> named_;  // versions that are being asked for: their answers need not be the newest
};

}  // namespace bibsmith::fetchers
