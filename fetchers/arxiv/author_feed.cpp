#include <string>
#include <utility>

#include "fetchers/arxiv/answer.hpp"
#include "fetchers/arxiv/arxiv_fetcher.hpp"

namespace bibsmith::fetchers {

namespace {

// "Jason D. Lee's articles on arXiv".
std::string name_in_title(std::string title) {
  constexpr std::string_view rest = "'s articles on arXiv";
  if (title.ends_with(rest)) title.resize(title.size() - rest.size());
  return title;
}

}  // namespace

std::string author_feed_url(std::string_view endpoint, std::string_view author_id) {
  constexpr std::string_view api = "/api/query";
  constexpr std::string_view export_host = "https://export.arxiv.org";
  std::string_view site =
      endpoint.ends_with(api) ? endpoint.substr(0, endpoint.size() - api.size()) : endpoint;
  if (site == export_host) site = "https://arxiv.org";  // which alone has the pages of authors
  return std::string(site) + "/a/" + std::string(author_id) + ".atom";
}

tl::expected<AuthorFeed, FetchError> ArxivFetcher::author_feed(std::string_view author_id,
                                                               const std::stop_token& stop) {
  const std::string url = author_feed_url(endpoint_, author_id);
  const auto response = transport_.send({.url = url, .accept = "application/atom+xml"}, stop);
  if (!response) return tl::unexpected(response.error());
  AuthorFeed out;
  // An author who wants no such page has none.
  if (response->status == 400 || response->status == 404) return out;
  const Origin origin{.source = "arxiv-atom", .url = url, .retrieved = clock_.calendar()};
  auto feed = read_answer(*response, origin, url);
  if (!feed) return tl::unexpected(feed.error());
  if (feed->rejection) return out;
  out.exists = true;
  out.name = name_in_title(std::move(feed->title));
  for (const AtomEntry& entry : feed->entries) out.ids.push_back(entry.record.arxiv_id->without_version());
  return out;
}

}  // namespace bibsmith::fetchers
