#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/arxiv/query.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// Gets each paper as it arrives, with the <entry> element as arXiv sent it.
using RawEntrySink = RawAnswerSink;

struct SearchOptions {
  std::uint32_t start = 0;
  std::uint32_t results_max = 100;
  std::uint32_t page_size = 100;
  SortBy sort_by = SortBy::relevance;
  SortOrder order = SortOrder::descending;
};

struct SearchResult {
  std::vector<Record> records;      // in arXiv's order
  std::uint64_t total_results = 0;  // that arXiv knows of, as it says
  std::optional<FetchError> error;  // why records are missing that should be there
};

// The papers that an author claims as theirs on arXiv (info.arxiv.org/help/author_identifiers.html).
struct AuthorFeed {
  bool exists = false;       // false: no such author, or one who wants no page
  std::string name;          // as the page has it
  std::vector<ArxivId> ids;  // without versions, in arXiv's order
};

// Where the feed of "lee_j_1", or of an ORCID, is: beside the API's endpoint, but arXiv's own is at
// arxiv.org.
std::string author_feed_url(std::string_view endpoint, std::string_view author_id);

// Papers by arXiv's Atom API.
//
// The transport has to be polite (PoliteTransport): this class sends one request after the other without a
// pause. Transport and clock outlive it. A record's origin names a request for that paper alone and not the
// batch, whose URL would be 7 KB in every record. [one thread at a time]
class ArxivFetcher final : public Fetcher {
 public:
  ArxivFetcher(Transport& transport, Clock& clock, RawEntrySink sink = {},
               std::string endpoint = std::string(arxiv_endpoint));

  // Without a version the current one is meant. An id that an answer leaves out is asked for once more before
  // it counts as not found: arXiv's answers are short, or empty, for minutes at times. Where the answer holds
  // papers that were not asked for, the id counts as failed.
  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

  // Pages through what matches. arXiv shows the first 10,000 results; who asks for more gets those and an
  // error.
  SearchResult search(const SearchQuery& query, const SearchOptions& options,
                      const std::stop_token& stop = {});

  // One request. Its titles are raw TeX, so that only the ids are taken.
  tl::expected<AuthorFeed, FetchError> author_feed(std::string_view author_id, const std::stop_token& stop);

 private:
  Transport& transport_;
  Clock& clock_;
  RawEntrySink sink_;
  std::string endpoint_;
};

}  // namespace bibsmith::fetchers
