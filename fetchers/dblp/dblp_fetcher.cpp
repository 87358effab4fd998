#include "fetchers/dblp/dblp_fetcher.hpp"

#include <cstddef>
#include <utility>

#include "fetchers/http/url_text.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t hits_max = 30;
constexpr std::size_t near_hits_max = 100;  // alternatives find more

}  // namespace

TitleProtocol dblp_titles(std::string base) {
  TitleProtocol protocol;
  protocol.source = std::string(dblp_source);
  protocol.accept = "application/xml";
  protocol.url = [base = std::move(base)](const TitleQuery& query) {
    const std::string words = query_words(query);
    if (words.empty()) return std::string{};
    return base + "/search/publ/api?q=" + url_encoded(words) +
           "&h=" + std::to_string(query.is_near ? near_hits_max : hits_max) + "&c=0&format=xml";
  };
  protocol.read = read_dblp_titles;
  return protocol;
}

TitleAnswer read_dblp_titles(std::string_view body, const Origin& origin) {
  auto answer = parse_dblp(body, origin);
  if (!answer) return tl::unexpected(std::move(answer).error());
  std::vector<Record> records;
  for (DblpHit& hit : answer->hits) records.push_back(std::move(hit.record));
  return records;
}

}  // namespace bibsmith::fetchers
