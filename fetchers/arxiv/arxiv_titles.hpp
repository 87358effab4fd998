#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fetchers/arxiv/query.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/title_lookup.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith::fetchers {

// Several titles in one URL, and no more results than an answer needs for them.
inline constexpr std::size_t arxiv_titles_max = 25;

// arXiv's papers by title, several titles in one request (search_query=ti:"…" OR ti:"…"). An answer does not
// say which title a paper was found for: it belongs to each of which it has at least half of the words.
//
// `sink` gets for each title a feed of the papers that belong to it, as they were received. The transport has
// to be polite. Transport and clock outlive this object. [one thread at a time]
class ArxivTitles final : public TitlesFetcher {
 public:
  ArxivTitles(Transport& transport, Clock& clock, TitleSink sink = {},
              std::string endpoint = std::string(arxiv_endpoint));

  std::vector<TitleAnswer> find(const std::vector<TitleQuery>& queries, std::stop_token stop = {}) override;

 private:
  // Answers queries[begin, end) in one request; a failure is the answer of each.
  void ask(const std::vector<TitleQuery>& queries, std::size_t begin, std::size_t end, const std::string& url,
           const std::stop_token& stop, std::vector<TitleAnswer>& answers);

  Transport& transport_;
  Clock& clock_;
  TitleSink sink_;
  std::string endpoint_;
};

// The papers of a feed that ArxivTitles handed to its sink. [any thread]
TitleAnswer read_arxiv_titles(std::string_view feed, const Origin& origin);

}  // namespace bibsmith::fetchers
