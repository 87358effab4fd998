#include "fetchers/datacite/datacite_fetcher.hpp"

#include <map>
#include <utility>

#include "fetchers/http/url_text.hpp"

namespace bibsmith::fetchers {

Doi arxiv_doi(const ArxivId& id) { return *Doi::parse("10.48550/arXiv." + id.base()); }

DataciteFetcher::DataciteFetcher(Transport& transport, Clock& clock, WorkSink sink, std::string base)
    : transport_(transport), clock_(clock), sink_(std::move(sink)) {
  protocol_.source = std::string(datacite_source);
  protocol_.accept = "application/vnd.api+json";
  // A page has up to 1,000 (support.datacite.org/docs/pagination); the URL ends the batch before.
  protocol_.batch_max = 200;
  protocol_.single_url = [base](const Doi& doi) {
    return base + "/dois/" + url_encoded(doi.canonical(), "/");
  };
  protocol_.batch_url = [base](std::span<const Doi> dois) {
    // A slash outside of quotes begins a regular expression in this query language.
    std::string query;
    for (const Doi& doi : dois) {
      if (doi.canonical().find_first_of("\"\\") != std::string::npos) return std::string{};
      query += (query.empty() ? "doi:(\"" : " OR \"") + doi.canonical() + '"';
    }
    return base + "/dois?query=" + url_encoded(query + ")", ":/()") +
           "&page%5Bsize%5D=" + std::to_string(dois.size()) + "&disable-facets=true";
  };
  protocol_.read = parse_datacite_answer;
}

DoiResult DataciteFetcher::fetch(std::span<const Doi> dois, std::stop_token stop,
                                 const FetchProgress& progress) {
  return fetch_dois(dois, protocol_, transport_, clock_, sink_, std::move(stop), progress);
}

FetchResult DataciteFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                                   const FetchProgress& progress) {
  std::vector<Doi> dois;
  dois.reserve(ids.size());
  for (const ArxivId& id : ids) dois.push_back(arxiv_doi(id));
  DoiResult by_doi = fetch(dois, std::move(stop), progress);

  std::map<Doi, const Record*> found;
  std::map<Doi, const FetchError*> failed;
  for (const auto& one : by_doi.found) found.emplace(one.doi, &one.record);
  for (const auto& failure : by_doi.failures) failed.emplace(failure.doi, &failure.errors.front().error);
  FetchResult result;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const ArxivId& id = ids[i];
    if (const auto error = failed.find(dois[i]); error != failed.end()) {
      result.failures.push_back({id, *error->second, {}});
      continue;
    }
    const auto record = found.find(dois[i]);
    if (record == found.end()) {
      result.not_found.push_back(id);
      continue;
    }
    const auto newest = record->second->arxiv_id->version();
    if (id.version() && newest != id.version()) {
      const FetchError other{.code = FetchError::Code::rejected,
                             .message = "DataCite has one version alone" +
                                        (newest ? ", v" + std::to_string(*newest) : std::string{}),
                             .url = protocol_.single_url(dois[i])};
      result.failures.push_back({id, other, {}});
      continue;
    }
    result.records.push_back(*record->second);
  }
  return result;
}

}  // namespace bibsmith::fetchers
