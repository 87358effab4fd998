#include <string>
#include <vector>

#include "fetchers/datacite/datacite_fetcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

const Origin origin{.source = "datacite", .url = "https://example.org/dois/x"};

Record record(const std::string& attributes) {
  const auto read = parse_datacite_work("{\"type\": \"dois\", \"attributes\": {" + attributes + "}}", origin);
  REQUIRE(read);
  return *read;
}

std::string object(const std::string& doi, const std::string& more = {}) {
  return "{\"id\":\"" + doi + "\",\"type\":\"dois\",\"attributes\":{\"doi\":\"" + doi +
         "\",\"titles\":[{\"title\":\"" + doi + "\"}]" + more + "}}";
}

std::string list_of(const std::vector<std::string>& objects) {
  std::string data;
  for (const std::string& one : objects) data += (data.empty() ? "" : ",") + one;
  return "{\"data\":[" + data + "],\"meta\":{\"total\":" + std::to_string(objects.size()) + "}}";
}

}  // namespace

TEST_CASE("arXiv's own DOI at DataCite is the paper") {
  const Record read = record(R"json("doi": "10.48550/arxiv.2101.00001", "state": "findable", "version": "3",
    "titles": [{"title": "Translated", "titleType": "TranslatedTitle"}, {"title": "On &lt;things&gt;"}],
    "creators": [{"name": "Example, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Example",
                  "affiliation": ["Somewhere", {"name": "Elsewhere"}],
                  "nameIdentifiers": [{"nameIdentifierScheme": "ISNI", "nameIdentifier": "1"},
                    {"nameIdentifierScheme": "ORCID", "nameIdentifier": "https://orcid.org/0000-0002-1825-0097"}]},
                 {"name": "Invented Collaboration", "nameType": "Organizational"},
                 {"name": "Other, B.", "nameType": "Personal"}, {"name": "Plain Name"}],
    "dates": [{"date": "2021-01-01T10:00:00Z", "dateType": "Submitted", "dateInformation": "v1"},
              {"date": "2021-01-04T01:00:00Z", "dateType": "Updated", "dateInformation": "v1"},
              {"date": "2021-03-03T10:00:00Z", "dateType": "Submitted", "dateInformation": "v3"},
              {"date": "2021-03-05T01:00:00Z", "dateType": "Updated", "dateInformation": "v3"},
              {"date": "2021-01", "dateType": "Available", "dateInformation": "v1"},
              {"date": "2021", "dateType": "Issued"}],
    "subjects": [{"subject": "Artificial Intelligence (cs.AI)", "subjectScheme": "arXiv"},
                 {"subject": "FOS: Computer and information sciences", "subjectScheme": "Fields of Science"},
                 {"subject": "Numerical Analysis (math.NA)", "subjectScheme": "arXiv"}],
    "relatedIdentifiers": [
      {"relationType": "IsVersionOf", "relatedIdentifier": "10.1000/published", "relatedIdentifierType": "DOI"},
      {"relationType": "IsVersionOf", "relatedIdentifier": "10.48550/arXiv.2101.00009", "relatedIdentifierType": "DOI"},
      {"relationType": "References", "relatedIdentifier": "10.1000/other", "relatedIdentifierType": "DOI"}],
    "descriptions": [{"description": "12 pages", "descriptionType": "Other"},
                     {"description": "Short.", "descriptionType": "Abstract"}],
    "rightsList": [{"rights": "CC", "rightsUri": "http://example.org/l"}])json");
  CHECK(read.arxiv_id == *ArxivId::parse("2101.00001v3"));
  CHECK(read.title == "On <things>");
  CHECK(read.authors == std::vector<Author>{{.name = "Ada Example",
                                             .family = "Example",
                                             .given = "Ada",
                                             .orcid = "0000-0002-1825-0097",
                                             .affiliations = {"Somewhere", "Elsewhere"}},
                                            {.name = "Invented Collaboration", .is_literal = true},
                                            {.name = "B. Other", .family = "Other", .given = "B."},
                                            {.name = "Plain Name"}});
  CHECK(read.published == Date{2021, 1, 1});
  CHECK(read.updated == Date{2021, 3, 3});
  CHECK(read.versions ==
        std::vector<Version>{{.number = 1, .date = {2021, 1, 1}}, {.number = 3, .date = {2021, 3, 3}}});
  CHECK(read.categories == std::vector<std::string>{"cs.AI", "math.NA"});
  REQUIRE(read.dois.size() == 1);
  CHECK(read.dois[0].str() == "10.1000/published");
  CHECK(read.comment == "12 pages");
  CHECK(read.abstract == "Short.");
  CHECK(read.license == "http://example.org/l");
  CHECK_FALSE(read.publication);
}

TEST_CASE("days of versions at DataCite") {
  const auto dates = [](const std::string& list) {
    return record(R"("doi": "10.48550/arxiv.2101.00001", "dates": )" + list);
  };
  // Without a number: the first submission. When DataCite was told of it is no day of the paper.
  Record read = dates(
      R"([{"date": "2021-01-05", "dateType": "Updated"}, {"date": "2021-01-01", "dateType": "Submitted"}])");
  CHECK(read.published == Date{2021, 1, 1});
  CHECK(read.updated == Date{2021, 1, 1});
  CHECK(read.versions.empty());
  // A version of which only that is known.
  read = dates(R"([{"date": "2021-01-01", "dateType": "Submitted", "dateInformation": "v1"},
                   {"date": "2021-02-02", "dateType": "Updated", "dateInformation": "v2"}])");
  CHECK(read.updated == Date{2021, 2, 2});
  CHECK(read.arxiv_id->version() == 2);
  // Numbers, not texts.
  read = dates(R"([{"date": "2021-01-09", "dateType": "Submitted", "dateInformation": "v9"},
                   {"date": "2021-01-10", "dateType": "Submitted", "dateInformation": "v10"}])");
  CHECK(read.arxiv_id->version() == 10);
  CHECK_FALSE(read.published.known());
  CHECK(dates(R"({"v1": 2020})").versions.empty());
  CHECK(dates(R"([5, null, {"date": "yesterday", "dateType": "Submitted", "dateInformation": "v1"}])")
            .versions.empty());
}

TEST_CASE("an old paper's DOI has a slash in its id") {
  CHECK(record(R"("doi": "10.48550/arxiv.hep-th/9901001")").arxiv_id == *ArxivId::parse("hep-th/9901001"));
  CHECK(arxiv_doi(*ArxivId::parse("hep-th/9901001v2")).str() == "10.48550/arXiv.hep-th/9901001");
}

TEST_CASE("a DOI of another prefix is a work with a publication") {
  const Record read =
      record(R"("doi": "10.5281/zenodo.1", "publisher": {"name": "Zenodo"}, "publicationYear": 2020,
    "types": {"resourceTypeGeneral": "Dataset", "bibtex": "misc"}, "titles": [{"title": "Data"}],
    "container": {"title": "Series", "volume": "3", "issue": "2", "firstPage": "1", "lastPage": "9"})");
  CHECK_FALSE(read.arxiv_id);
  CHECK(read.dois.size() == 1);
  CHECK(*read.publication == Publication{.type = PublicationType::dataset,
                                         .container = "Series",
                                         .volume = "3",
                                         .number = "2",
                                         .pages = "1-9",
                                         .publisher = "Zenodo",
                                         .date = {2020}});
  const Record text = record(R"("doi": "10.4230/x", "publisher": "Dagstuhl", "dates": [{"dateType": "Issued",
    "date": "2019-05"}], "types": {"resourceTypeGeneral": "Text", "bibtex": "article"}, "container": {"firstPage": "7"})");
  CHECK(*text.publication ==
        Publication{
            .type = PublicationType::article, .pages = "7", .publisher = "Dagstuhl", .date = {2019, 5}});
}

TEST_CASE("what DataCite sends that is no work") {
  CHECK(parse_datacite_work("{}", origin).error().message == "the object has no DOI");
  CHECK(parse_datacite_answer("{\"errors\": []}", origin).error().message == "the answer holds no DOIs");
  const auto hidden =
      parse_datacite_answer(list_of({object("10.5281/a", ",\"state\":\"registered\"")}), origin);
  REQUIRE(hidden);
  CHECK(hidden->empty());
}

TEST_CASE("DataciteFetcher asks for papers in one request") {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<std::string> kept;
  DataciteFetcher fetcher(
      transport, clock,
      [&](const AnsweredWork& work, const Origin& from) {
        kept.push_back(from.url + ' ' + std::string(work.raw));
      },
      "https://datacite.example");
  transport.answers(200, list_of({object("10.48550/arxiv.2101.00002", ",\"version\":\"2\""),
                                  object("10.48550/arxiv.2101.00001", ",\"version\":\"v2\"")}));
  const std::vector<ArxivId> ids = {*ArxivId::parse("2101.00001"), *ArxivId::parse("2101.00002v1"),
                                    *ArxivId::parse("2101.00003"), *ArxivId::parse("2101.00002v2")};
  const FetchResult result = fetcher.fetch(ids);
  REQUIRE(result.records.size() == 2);
  CHECK(result.records[0].arxiv_id == *ArxivId::parse("2101.00001v2"));
  CHECK(result.records[1].arxiv_id == *ArxivId::parse("2101.00002v2"));
  CHECK(result.records[0].origins[0].url == "https://datacite.example/dois/10.48550/arxiv.2101.00001");
  CHECK(result.not_found == std::vector{*ArxivId::parse("2101.00003")});
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].error.message == "DataCite has one version alone, v2");
  CHECK(transport.urls ==
        std::vector<std::string>{
            "https://datacite.example/dois?query=doi:(%2210.48550/arxiv.2101.00001%22%20OR%20"
            "%2210.48550/arxiv.2101.00002%22%20OR%20%2210.48550/arxiv.2101.00003%22)"
            "&page%5Bsize%5D=3&disable-facets=true"});
  REQUIRE(kept.size() == 2);
  CHECK(kept[0] == "https://datacite.example/dois/10.48550/arxiv.2101.00002 " +
                       object("10.48550/arxiv.2101.00002", ",\"version\":\"2\""));
}

TEST_CASE("DataciteFetcher fills a URL and goes on with the next") {
  ScriptedTransport transport;
  FakeClock clock;
  DataciteFetcher fetcher(transport, clock);
  // It has the first of each list.
  transport.otherwise = [](const HttpRequest& request) -> ScriptedTransport::Answer {
    const std::size_t begin = request.url.find("%22") + 3;
    return HttpResponse{
        .status = 200,
        .body = list_of({object(request.url.substr(begin, request.url.find("%22", begin) - begin), "")})};
  };
  std::vector<ArxivId> ids;
  for (int i = 1; i <= 1000; ++i) {
    const std::string number = std::to_string(i);
    ids.push_back(*ArxivId::parse("2101." + std::string(5 - number.size(), '0') + number));
  }
  CHECK(fetcher.fetch(ids).not_found.size() == 994);
  CHECK(transport.urls.size() == 6);
  for (const std::string& url : transport.urls) CHECK(url.size() <= 7500);
}

TEST_CASE("DataciteFetcher passes on why it could not ask") {
  ScriptedTransport transport;
  FakeClock clock;
  DataciteFetcher fetcher(transport, clock);
  transport.answers(503, "", std::chrono::seconds(9));
  const FetchResult result = fetcher.fetch(std::vector{*ArxivId::parse("2101.00001")});
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].error.code == FetchError::Code::rate_limited);
  CHECK(result.failures[0].error.retry_after == std::chrono::seconds(9));
}
