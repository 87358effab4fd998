#include "fetchers/oai/oai_fetcher.hpp"

#include <string>
#include <vector>

#include "fetchers/oai/oai_harvest.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using bibsmith::ArxivId;
using bibsmith::Date;
using bibsmith::FetchError;
using bibsmith::FetchResult;
using bibsmith::Record;
using bibsmith::RecordField;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

ArxivId id(const char* text) { return *ArxivId::parse(text); }

std::string answer_with(const std::string& content) { return "<OAI-PMH>" + content + "</OAI-PMH>"; }

std::string record_of(const std::string& paper, const std::string& format = "arXiv",
                      const std::string& more = {}) {
  return "<record><header><identifier>oai:arXiv.org:" + paper +
         "</identifier><datestamp>2021-01-01</datestamp></header><metadata><" + format + "><id>" + paper +
         "</id><title>Paper " + paper + "</title>" + more + "</" + format + "></metadata></record>";
}

std::string get_record(const std::string& paper, const std::string& format = "arXiv",
                       const std::string& more = {}) {
  return answer_with("<GetRecord>" + record_of(paper, format, more) + "</GetRecord>");
}

std::string fault(const std::string& code) { return answer_with("<error code=\"" + code + "\">why</error>"); }

const std::string two_versions =
    "<version version=\"v1\"><date>Fri, 1 Jan 2021 00:00:00 GMT</date></version>"
    "<version version=\"v2\"><date>Sat, 2 Jan 2021 00:00:00 GMT</date></version>";

struct World {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<std::string> kept;
  OaiFetcher fetcher{
      transport, clock,
      [this](const bibsmith::RecordPointer& record, std::string_view raw, const bibsmith::Origin& origin) {
        CHECK(origin.source == "arxiv-oai");
        CHECK(raw == record_of(record->arxiv_id->base()));
        kept.push_back(record->arxiv_id->str());
      },
      "https://oai.example/oai"};

  // "title|" of what came, "-id|" for not found, "!id:code|" for could not ask.
  std::string fetch(const std::vector<ArxivId>& ids) {
    const FetchResult result = fetcher.fetch(ids);
    std::string out;
    for (const Record& record : result.records) out += record.title + '|';
    for (const ArxivId& missing : result.not_found) out += '-' + missing.str() + '|';
    for (const auto& failure : result.failures) {
      out += '!' + failure.id.str() + ':' + std::string(name_of(failure.error.code)) + '|';
    }
    return out;
  }
};

}  // namespace

TEST_CASE("OaiFetcher asks for one paper a request, once each") {
  World world;
  world.transport.answers(200, get_record("2101.00001")).answers(200, get_record("hep-th/9901001"));
  CHECK(world.fetch({id("2101.00001"), id("hep-th/9901001"), id("2101.00001")}) ==
        "Paper 2101.00001|Paper hep-th/9901001|Paper 2101.00001|");
  CHECK(world.transport.urls ==
        std::vector<std::string>{
            "https://oai.example/oai?verb=GetRecord&identifier=oai:arXiv.org:2101.00001&metadataPrefix=arXiv",
            "https://oai.example/oai?verb=GetRecord&identifier=oai:arXiv.org:hep-th/"
            "9901001&metadataPrefix=arXiv"});
  CHECK(world.kept == std::vector<std::string>{"2101.00001", "hep-th/9901001"});
}

TEST_CASE("OaiFetcher: what the interface does not know, or deleted, is not found") {
  World world;
  world.transport.answers(200, fault("idDoesNotExist"))
      .answers(200, answer_with(
                        "<GetRecord><record><header status=\"deleted\"><identifier>oai:arXiv.org:2101.00002"
                        "</identifier></header></record></GetRecord>"));
  CHECK(world.fetch({id("2101.00001"), id("2101.00002")}) == "-2101.00001|-2101.00002|");
}

TEST_CASE("OaiFetcher: answers that prove nothing") {
  World world;
  SECTION("another paper") {
    world.transport.answers(200, get_record("2101.00009"));
    CHECK(world.fetch({id("2101.00001")}) == "!2101.00001:bad_response|");
    CHECK(world.kept.empty());
  }
  SECTION("a deletion of another paper") {
    world.transport.answers(
        200, answer_with("<GetRecord><record><header status=\"deleted\"><identifier>"
                         "oai:arXiv.org:2101.00009</identifier></header></record></GetRecord>"));
    CHECK(world.fetch({id("2101.00001")}) == "!2101.00001:bad_response|");
  }
  SECTION("a refused argument concerns this paper alone") {
    world.transport.answers(200, fault("badArgument")).answers(200, get_record("2101.00002"));
    CHECK(world.fetch({id("2101.00001"), id("2101.00002")}) == "Paper 2101.00002|!2101.00001:rejected|");
  }
  SECTION("a refusal ends the run") {
    world.transport.answers(503, "busy", std::chrono::seconds(20)).answers(200, get_record("2101.00002"));
    const FetchResult result = world.fetcher.fetch(std::vector{id("2101.00001"), id("2101.00002")});
    REQUIRE(result.failures.size() == 2);
    CHECK(result.failures[1].error.code == FetchError::Code::rate_limited);
    CHECK(result.failures[1].error.retry_after == std::chrono::seconds(20));
    CHECK(world.transport.urls.size() == 1);
  }
  SECTION("three bad answers in a row end the run") {
    world.transport.answers(200, "<html>").answers(200, "x").answers(500, "");
    CHECK(world.fetch({id("2101.00001"), id("2101.00002"), id("2101.00003"), id("2101.00004")}) ==
          "!2101.00001:bad_response|!2101.00002:bad_response|!2101.00003:bad_response|!2101.00004:bad_"
          "response|");
    CHECK(world.transport.urls.size() == 3);
  }
}

TEST_CASE("OaiFetcher: a named version counts if it is the newest") {
  World world;
  SECTION("it is") {
    world.transport.answers(200, get_record("2101.00001", "arXivRaw", two_versions))
        .answers(200, get_record("2101.00001"));
    const FetchResult result = world.fetcher.fetch(std::vector{id("2101.00001v2")});
    REQUIRE(result.records.size() == 1);
    const Record& record = result.records[0];
    CHECK(record.arxiv_id->str() == "2101.00001v2");
    CHECK(record.versions.size() == 2);
    CHECK(record.origin(RecordField::versions).url.ends_with("metadataPrefix=arXivRaw"));
    CHECK(record.origin(RecordField::title).url.ends_with("metadataPrefix=arXiv"));
  }
  SECTION("it is older") {
    world.transport.answers(200, get_record("2101.00001", "arXivRaw", two_versions));
    const FetchResult result = world.fetcher.fetch(std::vector{id("2101.00001v1")});
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].error.message == "oai.example has the newest version alone, v2");
  }
  SECTION("there is no such version") {
    world.transport.answers(200, get_record("2101.00001", "arXivRaw", two_versions));
    CHECK(world.fetch({id("2101.00001v3")}) == "-2101.00001v3|");
  }
}

TEST_CASE("OaiHarvest pulls page after page") {
  ScriptedTransport transport;
  FakeClock clock;
  transport
      .answers(200, answer_with("<ListRecords>" + record_of("2101.00001") +
                                "<resumptionToken>a%26b</resumptionToken></ListRecords>"))
      .answers(503, "")
      .answers(200,
               answer_with("<ListRecords>" + record_of("2101.00002") + "<resumptionToken/></ListRecords>"));
  OaiHarvest harvest(transport, clock, {.from = {2021, 1, 1}, .until = {2021, 1, 2}, .set = "cs"},
                     "https://oai.example/oai");
  auto page = harvest.next();
  REQUIRE((page && *page));
  CHECK((*page)->records[0].record->arxiv_id->str() == "2101.00001");
  CHECK((*page)->records[0].raw((*page)->body) == record_of("2101.00001"));
  CHECK(harvest.resumption_token() == "a%26b");
  CHECK(harvest.next().error().code == FetchError::Code::rate_limited);
  // Another process goes on with the token.
  OaiHarvest later(transport, clock, {}, "https://oai.example/oai", *harvest.resumption_token());
  page = later.next();
  REQUIRE((page && *page));
  CHECK((*page)->records[0].record->arxiv_id->str() == "2101.00002");
  CHECK(later.is_at_end());
  page = later.next();
  REQUIRE(page);
  CHECK_FALSE(*page);
  CHECK(transport.urls ==
        std::vector<std::string>{
            "https://oai.example/"
            "oai?verb=ListRecords&metadataPrefix=arXiv&from=2021-01-01&until=2021-01-02&set=cs",
            "https://oai.example/oai?verb=ListRecords&resumptionToken=a%2526b",
            "https://oai.example/oai?verb=ListRecords&resumptionToken=a%2526b"});
}

TEST_CASE("OaiHarvest tells an empty list from a refusal") {
  ScriptedTransport transport;
  FakeClock clock;
  OaiHarvest harvest(transport, clock, {.format = OaiFormat::arxiv_raw}, "https://oai.example/oai");
  SECTION("nothing matches") {
    transport.answers(200, fault("noRecordsMatch"));
    const auto page = harvest.next();
    REQUIRE(page);
    CHECK_FALSE(*page);
    CHECK(harvest.is_at_end());
  }
  SECTION("a token that is too old") {
    transport.answers(200, fault("badResumptionToken"));
    CHECK(harvest.next().error().message ==
          "oai.example takes the resumption token no more, begin the harvest anew: why");
    CHECK_FALSE(harvest.is_at_end());
  }
  SECTION("bad arguments") {
    transport.answers(200, fault("badArgument"));
    CHECK(harvest.next().error().message == "oai.example refused the request: badArgument why");
  }
  SECTION("the same token for ever") {
    for (int i = 0; i < 2; ++i) {
      transport.answers(200, answer_with("<ListRecords><resumptionToken>x</resumptionToken></ListRecords>"));
    }
    CHECK(harvest.next());
    CHECK(harvest.next().error().message == "oai.example gave the same resumption token twice");
  }
}
