#include "fetchers/crossref/crossref_fetcher.hpp"

#include <utility>

#include "fetchers/http/url_text.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::fetchers {

namespace {

// What is read of a work, and no more: its list of references alone can have a megabyte.
constexpr std::string_view selected =
    "DOI,type,title,subtitle,author,container-title,short-container-title,volume,issue,page,article-number,"
    "published-print,published-online,issued,posted,publisher,event,institution,abstract,relation,update-to,"
    "updated-by,ISSN,ISBN";
// Of a work that may be the one that is looked for: without its abstract.
constexpr std::string_view selected_of_hits =
    "DOI,type,title,subtitle,author,container-title,short-container-title,volume,issue,page,article-number,"
    "published-print,published-online,issued,posted,publisher,event,institution,relation,update-to,updated-"
    "by";
constexpr std::size_t hits_max = 5;

}  // namespace

DoiProtocol crossref_dois(std::string_view contact, std::string base) {
  DoiProtocol protocol;
  protocol.source = std::string(crossref_source);
  protocol.accept = "application/json";
  // /works takes up to 1,000 rows (api.crossref.org, "Pagination with offsets"); the URL ends it before.
  protocol.batch_max = 200;
  protocol.single_url = [base, contact = std::string(contact)](const Doi& doi) {
    return base + "/works/" + url_encoded(doi.canonical(), "/") + mailto_parameter(contact, '?');
  };
  protocol.batch_url = [base, contact = std::string(contact)](std::span<const Doi> dois) {
    std::string filter;
    for (const Doi& doi : dois) {
      // A comma ends a filter, so such a DOI travels alone.
      if (doi.canonical().find(',') != std::string::npos) return std::string{};
      filter += (filter.empty() ? "doi:" : ",doi:") + url_encoded(doi.canonical(), "/");
    }
    return base + "/works?filter=" + filter + "&rows=" + std::to_string(dois.size()) +
           "&select=" + std::string(selected) + mailto_parameter(contact, '&');
  };
  protocol.read = parse_crossref_answer;
  return protocol;
}

TitleProtocol crossref_titles(std::string_view contact, std::string base) {
  TitleProtocol protocol;
  protocol.source = std::string(crossref_source);
  protocol.accept = "application/json";
  protocol.url = [base = std::move(base), contact = std::string(contact)](const TitleQuery& query) {
    const std::string words = query_words(query);
    if (words.empty()) return std::string{};
    return base + "/works?query.bibliographic=" + url_encoded(words) + "&rows=" + std::to_string(hits_max) +
           "&select=" + std::string(selected_of_hits) + mailto_parameter(contact, '&');
  };
  protocol.read = parse_crossref_hits;
  return protocol;
}

}  // namespace bibsmith::fetchers
