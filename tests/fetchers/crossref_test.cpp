#include <algorithm>
#include <string>
#include <vector>

#include "fetchers/crossref/crossref_fetcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

const Origin origin{.source = "crossref", .url = "https://example.org/works/x"};

CrossrefWork work(const std::string& json) {
  const auto read = parse_crossref_work(json, origin);
  REQUIRE(read);
  return *read;
}

Publication publication(const std::string& members) {
  return *work("{\"DOI\": \"10.1000/x\", " + members + "}").record.publication;
}

std::string title(const std::string& members) {
  return work("{\"DOI\": \"10.1000/x\", " + members + "}").record.title;
}

}  // namespace

TEST_CASE("a journal article of Crossref, every part") {
  const CrossrefWork read = work(R"json({"DOI": "10.1000/THEORY.76.013009", "type": "journal-article",
    "title": ["On <i>K</i><sup>+</sup> &amp; other things"], "container-title": ["Journal of Invented Theory D"],
    "short-container-title": ["J. Inv. Theory D"], "volume": "76", "issue": "1", "article-number": "013009",
    "published-print": {"date-parts": [[2007, 7]]}, "published-online": {"date-parts": [[2007, 6, 30]]},
    "issued": {"date-parts": [[2007, 6, 30]]}, "publisher": "Invented Society (IS)",
    "author": [{"given": "Ada", "family": "van Example", "suffix": "Jr", "sequence": "first",
                "ORCID": "http://orcid.org/0000-0002-1825-0097", "affiliation": [{"name": "Somewhere"}]},
               {"name": "The Invented Collaboration", "sequence": "additional", "affiliation": []},
               {"family": "Mono", "sequence": "additional"}],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Short.</jats:p>",
    "ISSN": ["1234-5678"], "relation": {
  "has-preprint" : [
    {"id-type" : "doi", "id" : "10.48550/arxiv.0701.00001"},
    {"id-type" : "doi", "id" : "10.48550/arXiv.0704.0001", "asserted-by" : "subject"}
  ]}})json");
  const Record& record = read.record;
  CHECK(record.title == "On K+ & other things");
  CHECK(record.authors == std::vector<Author>{{.name = "Ada van Example Jr",
                                               .family = "van Example",
                                               .given = "Ada",
                                               .suffix = "Jr",
                                               .orcid = "0000-0002-1825-0097",
                                               .affiliations = {"Somewhere"}},
                                              {.name = "The Invented Collaboration", .is_literal = true},
                                              {.name = "Mono", .family = "Mono"}});
  REQUIRE(record.dois.size() == 1);
  CHECK(record.dois[0].str() == "10.1000/THEORY.76.013009");
  CHECK(record.abstract == "Abstract Short.");
  CHECK(record.arxiv_id == *ArxivId::parse("0704.0001"));  // the first that is an id at all
  CHECK(record.origins == std::vector{origin});
  CHECK_FALSE(record.withdrawn);
  CHECK(*record.publication == Publication{.type = PublicationType::article,
                                           .container = "Journal of Invented Theory D",
                                           .container_short = "J. Inv. Theory D",
                                           .volume = "76",
                                           .number = "1",
                                           .eid = "013009",
                                           .publisher = "Invented Society (IS)",
                                           .date = {2007, 7}});
  CHECK(read.issn == std::vector<std::string>{"1234-5678"});
}

TEST_CASE("pages of Crossref") {
  CHECK(publication("\"page\": \"101\u2013128\"").pages == "101-128");
  CHECK(publication("\"page\": \"101--128\"").pages == "101-128");
  CHECK(publication("\"page\": \"e12\"").pages == "e12");
  CHECK(publication("\"page\": \"035201\", \"article-number\": \"035201\"").pages.empty());
  CHECK(publication("\"page\": \"035201\", \"article-number\": \"035201\"").eid == "035201");
  CHECK(publication("\"page\": \"1-9\", \"article-number\": \"7\"").pages == "1-9");
}

TEST_CASE("dates of Crossref: print, online, issued") {
  const auto date = [](const std::string& members) { return publication(members).date; };
  CHECK(date("\"issued\": {\"date-parts\": [[2019, 1, 2]]}") == Date{2019, 1, 2});
  CHECK(
      date("\"issued\": {\"date-parts\": [[2019]]}, \"published-online\": {\"date-parts\": [[2020, 12]]}") ==
      Date{2020, 12});
  CHECK(date("\"issued\": {\"date-parts\": [[null]]}") == Date{});
  CHECK(date("\"issued\": {\"date-parts\": [[2019, 13]]}") == Date{});
  CHECK(date("\"issued\": {\"date-parts\": []}, \"posted\": {\"date-parts\": [[2021]]}") == Date{2021});
  CHECK(date("\"issued\": {\"date-parts\": 3}") == Date{});
}

TEST_CASE("a chapter has its volume and its series") {
  const Publication expected{.type = PublicationType::inproceedings,
                             .container = "Invented Vision 2014",
                             .series = "Lecture Notes in Computer Science",
                             .event = "13th Invented Conference"};
  const std::string event =
      "\"type\": \"proceedings-article\", \"event\": {\"name\": \"13th Invented Conference\"}, ";
  CHECK(publication(event +
                    R"("container-title": ["Lecture Notes in Computer Science", "Invented Vision 2014"])") ==
        expected);
  CHECK(publication(event +
                    R"("container-title": ["Invented Vision 2014", "Lecture Notes in Computer Science"])") ==
        expected);
  CHECK(publication(R"("type": "book", "container-title": ["Invented Texts"])").series == "Invented Texts");
  CHECK(publication(R"("type": "journal-article", "container-title": ["A", "B"])").container == "A");
}

TEST_CASE("kinds of works") {
  const auto type = [](const std::string& name) { return publication("\"type\": \"" + name + "\"").type; };
  CHECK(type("book-chapter") == PublicationType::incollection);
  CHECK(type("monograph") == PublicationType::book);
  CHECK(type("dissertation") == PublicationType::thesis);
  CHECK(type("posted-content") == PublicationType::preprint);
  CHECK(type("peer-review") == PublicationType::unknown);
  CHECK(
      publication(R"("type": "dissertation", "publisher": "Press", "institution": [{"name": "University"}])")
          .publisher == "University");
}

TEST_CASE("a title has its subtitle, once") {
  CHECK(title(R"("title": ["A"], "subtitle": ["B"])") == "A: B");
  CHECK(title(R"("title": ["A: B"], "subtitle": ["B"])") == "A: B");
  CHECK(title(R"("title": ["Why?"], "subtitle": ["B"])") == "Why? B");
  CHECK(title(R"("title": [], "subtitle": ["B"])") == "B");
  CHECK(title(R"("title": "A")").empty());
}

TEST_CASE("a retraction is told from a correction") {
  const auto with = [](const std::string& type) {
    return work(R"({"DOI": "10.1000/x", "updated-by": [{"DOI": "10.1000/notice", "type": ")" + type +
                "\"}, 3]}");
  };
  CHECK(with("retraction").record.withdrawn);
  CHECK(with("withdrawal").record.withdrawn);
  CHECK_FALSE(with("correction").record.withdrawn);
  CHECK(work(R"({"DOI": "10.1000/x", "updated-by": [{"type": "retraction"}]})").record.withdrawn);
  REQUIRE(with("correction").updated_by.size() == 1);
  CHECK(with("correction").updated_by[0].doi.str() == "10.1000/notice");
}

TEST_CASE("a notice names the work that it is about") {
  const CrossrefWork notice =
      work(R"({"DOI": "10.1000/notice", "update-to": [{"DOI": "10.1000/x", "type": "retraction"}]})");
  REQUIRE(notice.update_to.size() == 1);
  CHECK(notice.update_to[0].doi.str() == "10.1000/x");
  CHECK(notice.update_to[0].type == "retraction");
  CHECK_FALSE(notice.record.withdrawn);
}

TEST_CASE("what Crossref sends that is no work") {
  CHECK(parse_crossref_work("{}", origin).error().message == "the work has no DOI");
  CHECK(parse_crossref_answer("{\"status\": \"ok\", \"message-type\": \"x\"}", origin).error().message ==
        "the answer holds no works, its message-type is 'x'");
  CHECK(parse_crossref_answer("Resource not found.", origin).error().code == FetchError::Code::bad_response);
}

namespace {

Doi doi(const std::string& text) { return *Doi::parse(text); }

std::string list_of(const std::vector<std::string>& dois) {
  std::string items;
  for (const std::string& one : dois) {
    items += (items.empty() ? "" : ",") + ("{\"DOI\": \"" + one + "\", \"title\": [\"" + one + "\"]}");
  }
  return "{\"status\":\"ok\",\"message-type\":\"work-list\",\"message\":{\"items\":[" + items + "]}}";
}

struct World {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<std::string> kept;
  DoiLookup fetcher{crossref_dois("me@example.org", "https://crossref.example"), transport, clock,
                    [this](const AnsweredWork& work, const Origin& from) {
                      kept.push_back(from.url + ' ' + std::string(work.raw));
                    }};

  std::string fetch(const std::vector<Doi>& dois) {
    const DoiResult result = fetcher.fetch(dois);
    std::string out;
    for (const auto& found : result.found) out += found.doi.str() + '=' + found.record.title + '|';
    for (const auto& missing : result.not_found) out += '-' + missing.doi.str() + '|';
    for (const auto& failure : result.failures) {
      out += '!' + failure.doi.str() + ':' + std::string(name_of(failure.errors[0].error.code)) + '|';
    }
    return out;
  }
};

}  // namespace

TEST_CASE("Crossref is asked for several DOIs in one request, once each") {
  World world;
  world.transport.answers(200, list_of({"10.1000/b", "10.1000/a"}));
  CHECK(world.fetch({doi("10.1000/A"), doi("10.1000/b"), doi("10.1000/c<1>"), doi("10.1000/a")}) ==
        "10.1000/A=10.1000/a|10.1000/b=10.1000/b|10.1000/a=10.1000/a|-10.1000/c<1>|");
  REQUIRE(world.transport.urls.size() == 1);
  CHECK(
      world.transport.urls[0].starts_with("https://crossref.example/works?filter=doi:10.1000/a,doi:10.1000/"
                                          "b,doi:10.1000/c%3C1%3E&rows=3&select=DOI,"));
  CHECK(world.transport.urls[0].ends_with("&mailto=me@example.org"));
  CHECK(world.kept ==
        std::vector<std::string>{"https://crossref.example/works/10.1000/b?mailto=me@example.org "
                                 "{\"DOI\": \"10.1000/b\", \"title\": [\"10.1000/b\"]}",
                                 "https://crossref.example/works/10.1000/a?mailto=me@example.org "
                                 "{\"DOI\": \"10.1000/a\", \"title\": [\"10.1000/a\"]}"});
}

TEST_CASE("Crossref: a URL is filled, then the next") {
  World world;
  std::vector<Doi> dois;
  for (int i = 0; i < 1000; ++i)
    dois.push_back(doi("10.1000/journal.of.invented.things." + std::to_string(i)));
  // It has the first of each list.
  world.transport.otherwise = [](const HttpRequest& request) -> ScriptedTransport::Answer {
    const std::size_t begin = request.url.find("doi:") + 4;
    return HttpResponse{.status = 200,
                        .body = list_of({request.url.substr(begin, request.url.find(',', begin) - begin)})};
  };
  const DoiResult result = world.fetcher.fetch(dois);
  CHECK(result.found.size() == 6);
  CHECK(result.not_found.size() == 994);
  CHECK(world.transport.urls.size() == 6);
  for (const std::string& url : world.transport.urls) {
    CHECK(url.size() <= 7500);
    CHECK((url.size() > 7400 || &url == &world.transport.urls.back()));
  }
}

TEST_CASE("Crossref is asked for a DOI with a comma alone") {
  World world;
  world.transport.answers(404, "Resource not found.").answers(200, list_of({"10.1000/b"}));
  CHECK(world.fetch({doi("10.1000/a,1"), doi("10.1000/b")}) == "10.1000/b=10.1000/b|-10.1000/a,1|");
  CHECK(world.transport.urls[0] == "https://crossref.example/works/10.1000/a%2C1?mailto=me@example.org");
}

TEST_CASE("a server that knows no lists is asked for each DOI") {
  World world;
  const auto work = [](const std::string& one) {
    return "{\"message\": {\"DOI\": \"" + one + "\", \"title\": [\"" + one + "\"]}}";
  };
  const std::vector<Doi> dois = {doi("10.1000/a"), doi("10.1000/b"), doi("10.1000/c")};
  SECTION("it answers 404 to a list") {
    world.transport.answers(404, "").answers(404, "").answers(200, work("10.1000/b")).answers(404, "");
    CHECK(world.fetch(dois) == "10.1000/b=10.1000/b|-10.1000/a|-10.1000/c|");
    CHECK(world.transport.urls.size() == 4);
    CHECK(world.transport.urls[1] == "https://crossref.example/works/10.1000/a?mailto=me@example.org");
  }
  SECTION("it answers with works of its own choice, and has one that was asked for") {
    world.transport.answers(200, list_of({"10.1000/x"})).answers(404, "").answers(200, work("10.1000/b"));
    world.transport.answers(404, "").answers(200, work("10.1000/b")).answers(200, work("10.1000/c"));
    CHECK(world.fetch(dois) == "10.1000/b=10.1000/b|10.1000/c=10.1000/c|-10.1000/a|");
    CHECK(world.transport.urls.size() == 6);
  }
  SECTION("an empty list is believed when none of three is there alone") {
    world.transport.answers(200, list_of({})).answers(404, "").answers(404, "").answers(404, "");
    CHECK(world.fetch(dois) == "-10.1000/a|-10.1000/b|-10.1000/c|");
    CHECK(world.transport.urls.size() == 4);
  }
  SECTION("no more than it should be") {
    std::vector<Doi> many;
    for (int i = 0; i < 2300; ++i) many.push_back(doi("10.1000/" + std::to_string(i)));
    world.transport.otherwise = [](const HttpRequest&) -> ScriptedTransport::Answer {
      return HttpResponse{.status = 404, .body = ""};
    };
    const DoiResult result = world.fetcher.fetch(many);
    CHECK(result.failures.size() + result.not_found.size() == 2300);
    CHECK(world.transport.urls.size() <= 2001);
    REQUIRE_FALSE(result.failures.empty());
    CHECK(result.failures[0].errors[0].error.message ==
          "crossref takes no lists of DOIs, and these are too many");
  }
}

TEST_CASE("a search for a title in Crossref") {
  ScriptedTransport transport;
  FakeClock clock;
  std::string kept;
  TitleLookup search(crossref_titles("me@example.org", "https://crossref.example"), transport, clock,
                     [&](const TitleQuery&, std::string_view body, const Origin&) { kept = body; });
  const std::string body =
      "{\"message\": {\"items\": [{\"DOI\": \"10.1000/a\", \"title\": [\"On <i>Keys</i>\"]}, {\"title\": "
      "[\"Keys\"]}, {}]}}";
  transport.answers(200, body).answers(200, "{\"message\": {\"items\": []}}").answers(404, "");
  const TitleAnswer found = search.find({"On Keys", ""});
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK(found->at(0).title == "On Keys");
  CHECK(found->at(0).dois.at(0).str() == "10.1000/a");
  CHECK(found->at(1).dois.empty());
  CHECK(kept == body);
  CHECK(transport.urls[0].starts_with(
      "https://crossref.example/works?query.bibliographic=on%20keys&rows=5&select=DOI,"));
  CHECK(transport.urls[0].ends_with("&mailto=me@example.org"));
  CHECK(search.find({"Other", ""})->empty());
  CHECK(search.find({"Other", ""}).error().code == FetchError::Code::rejected);
}

TEST_CASE("Crossref: answers that prove nothing") {
  World world;
  SECTION("a work that nobody asked for") {
    world.transport.answers(200, list_of({"10.1000/b", "10.1000/other"}));
    CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/b")}) ==
          "10.1000/b=10.1000/b|!10.1000/a:bad_response|");
    CHECK(world.kept.size() == 1);
  }
  SECTION("a rejection is narrowed down") {
    world.transport.answers(400, "{}").answers(200, list_of({"10.1000/a"})).answers(400, "{}");
    CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/b")}) == "10.1000/a=10.1000/a|!10.1000/b:rejected|");
  }
  SECTION("a refusal ends the run") {
    world.transport.answers(429, "");
    CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/b,1")}) ==
          "!10.1000/a:rate_limited|!10.1000/b,1:rate_limited|");
    CHECK(world.transport.urls.size() == 1);
  }
  SECTION("half an answer") {
    const std::string whole = list_of({"10.1000/a"});
    world.transport.answers(200, whole.substr(0, whole.size() / 2));
    CHECK(world.fetch({doi("10.1000/a")}) == "!10.1000/a:bad_response|");
  }
}
