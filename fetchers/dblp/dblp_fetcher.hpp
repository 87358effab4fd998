#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "fetchers/dblp/dblp_answer.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view dblp_base = "https://dblp.org";
inline constexpr std::string_view dblp_source = "dblp";

// The words that DBLP is asked for, lower case, in order, without those that occur twice; empty: there are
// none. It names the question in the cache. [any thread]
std::string dblp_query_words(const TitleQuery& query);

// Published works by title and first author from DBLP's search API (dblp.org/faq, "How to use the dblp search
// API"). The transport has to be polite: DBLP asks for a second or two between requests. Transport and
// clock outlive this object. [one thread at a time]
class DblpFetcher final : public TitleFetcher {
 public:
  // Gets each good answer as received: a cache keeps that.
  using Sink = std::function<void(const TitleQuery& query, std::string_view body, const Origin& origin)>;

  DblpFetcher(Transport& transport, Clock& clock, Sink sink = {}, std::string base = std::string(dblp_base));

  tl::expected<std::vector<Record>, FetchError> find(const TitleQuery& query,
                                                     std::stop_token stop = {}) override;

 private:
  Transport& transport_;
  Clock& clock_;
  Sink sink_;
  std::string base_;
};

}  // namespace bibsmith::fetchers
