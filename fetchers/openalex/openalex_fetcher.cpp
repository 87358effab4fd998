#include "fetchers/openalex/openalex_fetcher.hpp"

#include <utility>

#include "fetchers/http/url_text.hpp"
#include "fetchers/openalex/openalex_work.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::fetchers {

namespace {

// What is read of a work: whole, it has some hundred kilobytes of concepts and counts.
constexpr std::string_view selected =
    "id,doi,title,display_name,authorships,publication_year,publication_date,type,biblio,primary_location,"
    "locations,is_retracted";
constexpr std::size_t dois_max = 50;
constexpr std::size_t hits_max = 10;

std::string wanted(std::size_t rows, const std::string& contact) {
  return "&per-page=" + std::to_string(rows) + "&select=" + std::string(selected) +
         mailto_parameter(contact, '&');
}

}  // namespace

DoiProtocol openalex_dois(std::string_view contact, std::string base) {
  DoiProtocol protocol;
  protocol.source = std::string(openalex_source);
  protocol.accept = "application/json";
  protocol.batch_max = dois_max;
  protocol.single_url = [base, contact = std::string(contact)](const Doi& doi) {
    return base + "/works/doi:" + url_encoded(doi.canonical(), "/") + mailto_parameter(contact, '?');
  };
  protocol.batch_url = [base, contact = std::string(contact)](std::span<const Doi> dois) {
    std::string filter;
    for (const Doi& doi : dois) {
      // A comma ends a filter and a bar a value, so such a DOI travels alone.
      if (doi.canonical().find_first_of(",|") != std::string::npos) return std::string{};
      filter += (filter.empty() ? "" : "|") + url_encoded(doi.canonical(), "/");
    }
    return base + "/works?filter=doi:" + filter + wanted(dois.size(), contact);
  };
  protocol.read = parse_openalex_answer;
  return protocol;
}

TitleProtocol openalex_titles(std::string_view contact, std::string base) {
  TitleProtocol protocol;
  protocol.source = std::string(openalex_source);
  protocol.accept = "application/json";
  protocol.url = [base = std::move(base), contact = std::string(contact)](const TitleQuery& query) {
    const std::string words = query_words(query);
    if (words.empty()) return std::string{};
    return base + "/works?search=" + url_encoded(words) + wanted(hits_max, contact);
  };
  protocol.read = parse_openalex_hits;
  return protocol;
}

}  // namespace bibsmith::fetchers
