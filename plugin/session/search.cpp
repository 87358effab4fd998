#include "plugin/session/search.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace bibsmith::plugin {

namespace {

using fetchers::SearchField;
using fetchers::SearchQuery;

constexpr Date first_day{1991, 1, 1};  // arXiv began in August 1991
constexpr Date last_day{2999, 12, 31};

tl::expected<std::optional<SearchQuery>, SearchRequestError> query_of(const SearchRequest& request) {
  std::optional<SearchQuery> query;
  const auto require = [&](std::optional<SearchQuery> part) {
    if (part) query = query ? SearchQuery::both(*query, *part) : *part;
  };
  require(SearchQuery::words(SearchField::all, request.words));
  require(SearchQuery::words(SearchField::title, request.title));
  require(SearchQuery::phrase(SearchField::author, request.author));
  require(SearchQuery::words(SearchField::abstract_text, request.abstract));
  require(SearchQuery::words(SearchField::category, request.category));
  if (request.from.empty() && request.to.empty()) return query;

  const auto from = request.from.empty() ? std::optional(first_day) : Date::parse(request.from);
  const auto to = request.to.empty() ? std::optional(last_day) : Date::parse(request.to);
  const auto range = from && to ? SearchQuery::submitted(*from, *to) : std::nullopt;
  if (!range) {
    return tl::unexpected(
        SearchRequestError{"dates are written YYYY, YYYY-MM or YYYY-MM-DD, the earlier one in --from"});
  }
  require(range);
  return query;
}

// An index that is empty cannot tell whether there is such a paper.
FetchError nothing_to_search() {
  return FetchError{
      .code = FetchError::Code::offline,
      .message = "the local index is empty, and offline mode forbids to ask; see bibsmith cache import"};
}

fetchers::SearchResult search_index(Session& session, const SearchRequest& request) {
  fetchers::SearchResult result;
  fetchers::RecordIndex* const index = session.index();
  if (index == nullptr) {
    result.error = nothing_to_search();
    return result;
  }
  fetchers::IndexQuery query;
  query.words = request.words;
  query.title = request.title;
  query.author = request.author;
  query.abstract = request.abstract;
  query.category = request.category;
  query.from = Date::parse(request.from).value_or(Date{});
  query.to = Date::parse(request.to).value_or(Date{});
  query.results_max = request.results_max;
  auto works = index->search(query);
  if (!works) {
    result.error = FetchError{.code = FetchError::Code::offline, .message = works.error().message};
    return result;
  }
  for (fetchers::IndexedWork& work : *works) result.records.push_back(std::move(work.record));
  result.total_results = result.records.size();
  const auto stats = result.records.empty() ? index->stats() : tl::unexpected(fetchers::IndexError{});
  if (stats && stats->works == 0) result.error = nothing_to_search();
  return result;
}

}  // namespace

tl::expected<fetchers::SearchResult, SearchRequestError> search(Session& session,
                                                                const SearchRequest& request,
                                                                std::stop_token stop) {
  const auto query = query_of(request);
  if (!query) return tl::unexpected(query.error());
  if (!*query)
    return tl::unexpected(SearchRequestError{"nothing to search for: give words, --title, --author, …"});

  if (request.local || session.settings().offline) return search_index(session, request);
  session.papers();  // opens the cache, where the results go
  fetchers::ArxivFetcher* arxiv = session.arxiv();
  fetchers::SearchOptions options;
  options.results_max = request.results_max;
  options.page_size =
      std::min<std::uint32_t>(options.page_size, std::max<std::uint32_t>(request.results_max, 1));
  options.sort_by = request.sort_by;
  fetchers::SearchResult result = arxiv->search(**query, options, std::move(stop));
  session.keep_answers();
  return result;
}

}  // namespace bibsmith::plugin
