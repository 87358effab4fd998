#include "fetchers/arxiv/arxiv_titles.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "fetchers/arxiv/answer.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::uint32_t results_a_title = 4;
// So that a title that many papers share does not push the others out of the answer.
constexpr std::uint32_t results_min = 50;

std::string url_of(std::string_view endpoint, const std::vector<TitleQuery>& queries, std::size_t begin,
                   std::size_t end) {
  std::vector<SearchQuery> titles;
  for (std::size_t i = begin; i < end; ++i) {
    // Words without signs: those of TeX and of typesetters are no part of arXiv's index.
    if (auto title = SearchQuery::phrase(SearchField::title, query_words({queries[i].title, {}}))) {
      titles.push_back(*std::move(title));
    }
  }
  const auto query = SearchQuery::any(titles);
  if (!query) return {};
  const auto size = std::max(results_min, static_cast<std::uint32_t>(titles.size()) * results_a_title);
  return search_url(endpoint, *query, {.size = size});
}

// The prefixes that entries use are declared by their feed.
std::string feed_of(const std::string& entries) {
  return "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:arxiv=\"http://arxiv.org/schemas/atom\">" +
         entries + "</feed>";
}

}  // namespace

ArxivTitles::ArxivTitles(Transport& transport, Clock& clock, TitleSink sink, std::string endpoint)
    : transport_(transport), clock_(clock), sink_(std::move(sink)), endpoint_(std::move(endpoint)) {}

std::vector<TitleAnswer> ArxivTitles::find(const std::vector<TitleQuery>& queries, std::stop_token stop) {
  std::vector<TitleAnswer> answers(queries.size(), std::vector<Record>{});
  for (std::size_t begin = 0; begin < queries.size();) {
    std::size_t end = begin + 1;
    std::string url = url_of(endpoint_, queries, begin, end);
    while (end < queries.size() && end - begin < arxiv_titles_max) {
      std::string longer = url_of(endpoint_, queries, begin, end + 1);
      if (longer.size() > url_bytes_max) break;
      url = std::move(longer);
      ++end;
    }
    if (!url.empty()) ask(queries, begin, end, url, stop, answers);
    begin = end;
  }
  return answers;
}

void ArxivTitles::ask(const std::vector<TitleQuery>& queries, std::size_t begin, std::size_t end,
                      const std::string& url, const std::stop_token& stop,
                      std::vector<TitleAnswer>& answers) {
  const auto fail = [&](const FetchError& error) {
    for (std::size_t i = begin; i < end; ++i) answers[i] = tl::unexpected(error);
  };
  const auto response = transport_.send({.url = url, .accept = "application/atom+xml"}, stop);
  if (!response) return fail(response.error());
  const Origin origin{.source = "arxiv-atom", .url = url, .retrieved = clock_.calendar()};
  auto feed = read_answer(*response, origin, url);
  if (!feed) return fail(feed.error());
  if (feed->rejection) {
    return fail(FetchError{.code = FetchError::Code::rejected,
                           .message = "arXiv rejected the search: " + feed->rejection->message,
                           .url = url,
                           .http_status = response->status});
  }
  std::vector<std::set<std::string>> words;
  for (const AtomEntry& entry : feed->entries) words.push_back(title_words(entry.record.title));
  for (std::size_t i = begin; i < end; ++i) {
    const std::set<std::string> wanted = title_words(queries[i].title);
    if (wanted.empty()) continue;
    std::string raw;
    for (std::size_t k = 0; k < feed->entries.size(); ++k) {
      if (shared_words(wanted, words[k]) * 2 < wanted.size()) continue;
      Record record = feed->entries[k].record;
      // Of that paper alone: the search is as long as its titles together.
      IdListUrl alone(endpoint_);
      alone.add(*record.arxiv_id);
      record.origins.front().url = alone.str();
      answers[i]->push_back(std::move(record));
      raw += feed->entries[k].raw(response->body);
    }
    Origin own = origin;
    own.url = url_of(endpoint_, queries, i, i + 1);
    if (sink_) sink_(queries[i], feed_of(raw), own);
  }
}

TitleAnswer read_arxiv_titles(std::string_view feed, const Origin& origin) {
  auto read = parse_atom(feed, origin);
  if (!read) return tl::unexpected(std::move(read).error());
  std::vector<Record> records;
  for (AtomEntry& entry : read->entries) records.push_back(std::move(entry.record));
  return records;
}

}  // namespace bibsmith::fetchers
