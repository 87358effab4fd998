#include <string>
#include <vector>

#include "fetchers/openalex/openalex_fetcher.hpp"
#include "fetchers/openalex/openalex_work.hpp"
#include "fetchers/record/day_time.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

const Origin origin{.source = "openalex", .url = "https://openalex.example/works/W1"};

const char* const whole = R"({"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/Keys.1",
  "title": "On <i>Keys</i>", "publication_year": 2021, "publication_date": "2021-03-04", "type": "article",
  "is_retracted": true,
  "authorships": [
    {"raw_author_name": "A. Roe", "author": {"display_name": "Ann Roe", "orcid": "https://orcid.org/0000-0002-1825-0097"}},
    {"author": {"display_name": "Bea Doe", "orcid": null}}, {"author": {}}],
  "biblio": {"volume": "7", "issue": "2", "first_page": "11", "last_page": "19"},
  "primary_location": {"landing_page_url": "https://doi.org/10.1000/keys.1",
    "source": {"display_name": "Journal of Keys", "type": "journal"}},
  "locations": [{"landing_page_url": "https://arxiv.example/list"}, {"landing_page_url": "https://arxiv.org/abs/2101.00001"}]})";

Record work(const std::string& text) {
  const auto record = parse_openalex_work(text, origin);
  REQUIRE(record);
  return *record;
}

}  // namespace

TEST_CASE("a work of OpenAlex, every part") {
  const Record record = work(whole);
  CHECK(record.title == "On Keys");
  REQUIRE(record.authors.size() == 2);
  CHECK(record.authors[0].name == "A. Roe");
  CHECK(record.authors[0].orcid == "0000-0002-1825-0097");
  CHECK(record.authors[1].name == "Bea Doe");
  CHECK(record.dois.at(0).str() == "10.1000/Keys.1");
  CHECK(record.arxiv_id->str() == "2101.00001");
  CHECK(record.withdrawn);
  const Publication& publication = *record.publication;
  CHECK(publication.type == PublicationType::article);
  CHECK(publication.container == "Journal of Keys");
  CHECK(publication.volume == "7");
  CHECK(publication.number == "2");
  CHECK(publication.pages == "11-19");
  CHECK(publication.date.iso() == "2021-03-04");
}

TEST_CASE("a preprint server holds no paper, a conference does") {
  const Record preprint = work(
      R"({"display_name": "T", "type": "article", "publication_year": 2020, "doi": "https://doi.org/10.48550/arXiv.2101.00001",
          "primary_location": {"source": {"display_name": "arXiv", "type": "repository"}}})");
  CHECK(preprint.title == "T");
  CHECK(preprint.publication->type == PublicationType::preprint);
  CHECK(preprint.publication->container.empty());
  CHECK(preprint.publication->date.iso() == "2020");
  CHECK(preprint.arxiv_id->str() == "2101.00001");
  const Record paper = work(
      R"({"title": "T", "type": "article", "primary_location": {"source": {"display_name": "Keys 2020", "type": "conference"}},
          "biblio": {"first_page": "e7", "last_page": "e7"}})");
  CHECK(paper.publication->type == PublicationType::inproceedings);
  CHECK(paper.publication->container == "Keys 2020");
  CHECK(paper.publication->pages == "e7");
  CHECK(paper.dois.empty());
}

TEST_CASE("what OpenAlex sends that is no work") {
  CHECK(parse_openalex_work("{}", origin).error().message == "the work has no title");
  const auto line = parse_openalex_line(
      R"({"id": "https://openalex.org/W1", "title": "On Keys", "updated_date": "2024-05-13T09:37:51.1"})");
  REQUIRE(line);
  CHECK(line->origins.front().retrieved == begin_of(*Date::parse("2024-05-13")));
  CHECK(parse_openalex_line("{}").error().message == "the work has no title");
  CHECK(parse_openalex_work("<html>", origin).error().code == FetchError::Code::bad_response);
  CHECK(parse_openalex_answer("{}", origin).error().message == "the answer holds no works");
  CHECK(parse_openalex_hits("{\"results\": {}}", origin).error().message == "the answer holds no works");
  CHECK(parse_openalex_hits("{\"results\": [1, null, {}, {\"title\": []}]}", origin)->empty());
}

TEST_CASE("OpenAlex is asked for fifty DOIs in one request") {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<Doi> dois;
  for (int i = 0; i < 60; ++i) dois.push_back(*Doi::parse("10.1000/" + std::to_string(i)));
  const std::string first = R"({"results": [{"doi": "https://doi.org/10.1000/7", "title": "Seven"}]})";
  transport.answers(200, first)
      .answers(200, R"({"results": [{"doi": "https://doi.org/10.1000/51", "title": "X"}]})");
  std::vector<std::string> kept;
  DoiLookup fetcher(openalex_dois("me@example.org", "https://openalex.example"), transport, clock,
                    [&](const AnsweredWork& answered, const Origin& from) {
                      kept.push_back(from.url + ' ' + std::string(answered.raw));
                    });
  const DoiResult result = fetcher.fetch(dois);
  REQUIRE(result.found.size() == 2);
  CHECK(result.found[0].record.title == "Seven");
  CHECK(result.not_found.size() == 58);
  REQUIRE(transport.urls.size() == 2);
  CHECK(transport.urls[0].starts_with("https://openalex.example/works?filter=doi:10.1000/0|10.1000/1|"));
  CHECK(transport.urls[0].find("|10.1000/49&per-page=50&select=id,doi,") != std::string::npos);
  CHECK(transport.urls[1].find("filter=doi:10.1000/50|") != std::string::npos);
  CHECK(kept.at(0) ==
        "https://openalex.example/works/doi:10.1000/7?mailto=me@example.org "
        R"({"doi": "https://doi.org/10.1000/7", "title": "Seven"})");
}

TEST_CASE("a search for a title in OpenAlex is words alone") {
  ScriptedTransport transport;
  FakeClock clock;
  TitleLookup search(openalex_titles("", "https://openalex.example"), transport, clock);
  std::string body = "{\"results\": [";
  body += whole;
  body += "]}";
  transport.answers(200, body).answers(200, R"({"results": []})");
  const TitleAnswer found = search.find({"\"On Keys\" NOT: $\\alpha$", ""});
  REQUIRE(found);
  CHECK(found->at(0).title == "On Keys");
  CHECK(transport.urls[0].starts_with(
      "https://openalex.example/works?search=on%20keys%20not&per-page=10&select="));
  CHECK(search.find({"Other", ""})->empty());
  CHECK(search.find({"$$", ""}).error().message == "a title without a word cannot be searched for");
  CHECK(transport.urls.size() == 2);
}
