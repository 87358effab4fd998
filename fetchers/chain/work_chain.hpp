#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "fetchers/cache/store.hpp"
#include "fetchers/chain/freshness.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/doi_batches.hpp"
#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith::fetchers {

// Whether DataCite registers the DOIs of this prefix, as far as we know: arXiv, Zenodo, figshare, … .
bool is_datacite_prefix(const Doi& doi);

// Published works: by DOI from the cache, Crossref and DataCite, by title from the cache and DBLP.
//
// A DOI of a prefix of DataCite's goes there first, any other to Crossref; what that source does not have, or
// could not be asked for, goes to the other one. Each is asked once for each DOI. Not found means that both
// said so. What cannot be asked for is answered from the cache whatever its age. A store that fails is left
// out from then on, with one warning. All that is given outlives this object. [one thread at a time]
class WorkChain final : public DoiFetcher, public TitleFetcher {
 public:
  using Warn = std::function<void(std::string_view)>;
  // Each may be null: not to be used.
  struct Sources {
    DoiFetcher* crossref = nullptr;
    DoiFetcher* datacite = nullptr;
    TitleFetcher* dblp = nullptr;
  };

  WorkChain(Store* store, Sources sources, Clock& clock, Freshness freshness, Warn warn);

  DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                  const FetchProgress& progress = {}) override;
  tl::expected<std::vector<Record>, FetchError> find(const TitleQuery& query,
                                                     std::stop_token stop = {}) override;

  // The sources hand their answers over here (WorkSink, DblpFetcher::Sink).
  void collect(const AnsweredWork& work, const Origin& origin);
  void collect(const TitleQuery& query, std::string_view body, const Origin& origin);

 private:
  std::shared_ptr<void> reading_of(std::span<const Doi> dois);
  std::optional<Record> stored(const Doi& doi, std::chrono::sys_seconds oldest);
  bool is_missing(std::string_view source, std::string_view subject);
  void keep();
  void keep_missing(std::string_view source, const std::vector<DoiResult::Missing>& missing);
  void store_failed(const StoreError& error);

  Store* store_;
  Sources sources_;
  Clock& clock_;
  Freshness freshness_;
  Warn warn_;
  std::vector<StoredAnswer> collected_;
};

}  // namespace bibsmith::fetchers
