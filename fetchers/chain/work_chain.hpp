#pragma once

#include <functional>
#include <memory>
#include <optional>
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

// Published works: by DOI from the cache, Crossref and DataCite, by title from the cache and one source.
//
// A DOI of a prefix of DataCite's goes there first, any other to Crossref; what that source does not have, or
// could not be asked for, goes to the other one; what one of them could not be asked for and the other does
// not have goes to OpenAlex, which is no registry: that it has none proves nothing. Each is asked once for
// each DOI. Not found means that both registries said so. What cannot be asked for is answered from the cache
// whatever its age. A store that fails is left out from then on, with one warning. All that is given outlives
// this object. [one thread at a time]
class WorkChain final : public DoiFetcher, public TitleFetcher {
 public:
  using Warn = std::function<void(std::string_view)>;
  // Each may be null: not to be used.
  struct Sources {
    DoiFetcher* crossref = nullptr;
    DoiFetcher* datacite = nullptr;
    TitleFetcher* dblp = nullptr;
    TitleFetcher* crossref_titles = nullptr;
    TitleFetcher* openalex_titles = nullptr;
    TitlesFetcher* arxiv_titles = nullptr;
    DoiFetcher* openalex = nullptr;
  };

  WorkChain(Store* store, Sources sources, Clock& clock, Freshness freshness, Warn warn);

  DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                  const FetchProgress& progress = {}) override;
  // In DBLP.
  TitleAnswer find(const TitleQuery& query, std::stop_token stop = {}) override;
  // In the source of that name: "dblp", "crossref" or "openalex". A search that found nothing is kept like
  // any other, and is not repeated while it is fresh.
  TitleAnswer find_in(std::string_view source, const TitleQuery& query, std::stop_token stop = {});
  // In arXiv: one answer a query, in the order asked; those that the cache does not know travel together.
  std::vector<TitleAnswer> find_in_arxiv(const std::vector<TitleQuery>& queries, std::stop_token stop = {});
  // What a search in the source (also "arxiv-atom") would be answered with at once. nullopt: it has to be
  // asked.
  std::optional<std::vector<Record>> known(std::string_view source, const TitleQuery& query);

  // The sources hand their answers over here (WorkSink, TitleSink).
  void collect(const AnsweredWork& work, const Origin& origin);
  void collect(const TitleQuery& query, std::string_view body, const Origin& origin);

 private:
  std::shared_ptr<void> reading_of(std::span<const Doi> dois);
  std::optional<Record> stored(const Doi& doi, std::chrono::sys_seconds oldest);
  std::optional<std::vector<Record>> stored(std::string_view source, const TitleQuery& query,
                                            std::chrono::sys_seconds oldest);
  TitleFetcher* titles_of(std::string_view source) const;
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
