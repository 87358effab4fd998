#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "fetchers/arxiv/answer.hpp"
#include "fetchers/arxiv/arxiv_fetcher.hpp"

namespace bibsmith::fetchers {

namespace {

// A page that is empty or short although there is more is asked for once again.
constexpr int tries_of_page = 2;

FetchError beyond_window() {
  return FetchError{.code = FetchError::Code::rejected,
                    .message = "arXiv shows no more than " + std::to_string(result_window_max) +
                               " results of a search; narrow it by date"};
}

}  // namespace

SearchResult ArxivFetcher::search(const SearchQuery& query, const SearchOptions& options,
                                  const std::stop_token& stop) {
  SearchResult result;
  std::set<ArxivId> seen;  // pages shift when papers are announced in between
  const std::uint64_t wanted_end = std::uint64_t{options.start} + options.results_max;
  const auto window_end = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted_end, result_window_max));
  std::uint32_t start = options.start;
  int tries = 0;
  while (start < window_end) {
    const SearchPage page{
        .start = start,
        .size = std::min(std::clamp(options.page_size, 1u, page_size_max), window_end - start),
        .sort_by = options.sort_by,
        .order = options.order};
    const std::string url = search_url(endpoint_, query, page);
    if (url.size() > url_bytes_max) {
      result.error = FetchError{.code = FetchError::Code::rejected,
                                .message = "the search is longer than arXiv takes; use fewer words"};
      return result;
    }
    const auto response = transport_.send({.url = url, .accept = "application/atom+xml"}, stop);
    if (!response) {
      result.error = response.error();
      return result;
    }
    const Origin origin{.source = "arxiv-atom", .url = url, .retrieved = clock_.calendar()};
    auto feed = read_answer(*response, origin, url);
    if (feed && feed->rejection) {
      feed = tl::unexpected(FetchError{.code = FetchError::Code::rejected,
                                       .message = "arXiv rejected the search: " + feed->rejection->message,
                                       .url = url,
                                       .http_status = response->status});
    }
    if (!feed) {
      result.error = feed.error();
      return result;
    }

    result.total_results = std::max(result.total_results, feed->total_results);
    const std::uint64_t left = result.total_results > start ? result.total_results - start : 0;
    const std::size_t got = feed->entries.size() + feed->skipped;
    // A first page with nothing at all may be one of arXiv's bad minutes too.
    const bool is_short =
        got < std::min<std::uint64_t>(page.size, left) || (got == 0 && start == options.start);
    if (is_short && ++tries < tries_of_page) continue;
    tries = 0;

    for (AtomEntry& entry : feed->entries) {
      if (!seen.insert(*entry.record.arxiv_id).second) continue;
      if (sink_ && entry.raw_begin != entry.raw_end) {
        sink_(std::make_shared<const Record>(entry.record), entry.raw(response->body), origin);
      }
      result.records.push_back(std::move(entry.record));
    }
    if (got == 0 && left > 0) {
      result.error = FetchError{.code = FetchError::Code::bad_response,
                                .message = "arXiv left results " + std::to_string(start) +
                                           " and on empty, of " + std::to_string(result.total_results),
                                .url = url,
                                .http_status = response->status};
      return result;
    }
    if (left <= page.size) return result;
    start += page.size;
  }
  if (wanted_end > result_window_max &&
      (start == options.start || result.total_results > result_window_max)) {
    result.error = beyond_window();
  }
  return result;
}

}  // namespace bibsmith::fetchers
