// arXiv's papers by all roads, over sockets: which source is asked when another one fails, and how politely.

#include <algorithm>
#include <string>
#include <vector>

#include "fetchers/http/curl_transport.hpp"
#include "fetchers/http/polite_transport.hpp"
#include "fetchers/oai/oai_harvest.hpp"
#include "tests/source_emulator/session_world.hpp"

using namespace bibsmith;
using bibsmith::testing::broken_rules;
using bibsmith::testing::SessionWorld;

namespace {

std::vector<ArxivId> ids(const std::vector<std::string>& texts) {
  std::vector<ArxivId> out;
  for (const std::string& text : texts) out.push_back(*ArxivId::parse(text));
  return out;
}

// "id@source|" of what came, "-id|" for not found, "!id:code|" for could not ask.
std::string fetch(plugin::Session& session, const std::vector<std::string>& texts) {
  const FetchResult result = session.papers().fetch(ids(texts));
  std::string out;
  for (const Record& record : result.records) {
    out += record.arxiv_id->str() + '@' + record.origins.front().source + '|';
  }
  for (const ArxivId& missing : result.not_found) out += '-' + missing.str() + '|';
  for (const auto& failure : result.failures) {
    out += '!' + failure.id.str() + ':' + std::string(name_of(failure.error.code)) + '|';
  }
  return out;
}

std::size_t requests(const emulator::ConductReport& report, const std::string& endpoint) {
  const auto found = report.requests_by_endpoint.find(endpoint);
  return found == report.requests_by_endpoint.end() ? 0 : found->second;
}

}  // namespace

TEST_CASE("Atom refuses, OAI-PMH answers, at one pace") {
  SessionWorld world;
  REQUIRE(world.arxiv.set_faults({"429:on=atom"}));
  CHECK(fetch(*world.session(), {"1706.03762", "hep-th/9901001", "2411.99999", "1412.6980"}) ==
        "1706.03762@arxiv-oai|hep-th/9901001@arxiv-oai|1412.6980@arxiv-oai|-2411.99999|");
  const auto report = world.arxiv.report();
  CHECK(broken_rules(report) == std::vector<std::string>{});
  CHECK(requests(report, "atom") == 1);
  CHECK(requests(report, "oai") == 4);
  CHECK(world.sources.requests() == 0);

  // The next process knows all of it.
  CHECK(fetch(*world.session(), {"1706.03762", "hep-th/9901001", "2411.99999"}) ==
        "1706.03762@arxiv-oai|hep-th/9901001@arxiv-oai|-2411.99999|");
  CHECK(world.arxiv.report().requests == 5);
}

TEST_CASE("names of OAI-PMH come in parts, and stay with Atom's record") {
  SessionWorld world;
  REQUIRE(world.arxiv.set_faults({"429:on=atom@1"}));
  world.settings.cache_fresh = std::chrono::hours(0);  // ask anew each time
  auto record = world.session()->papers().fetch(ids({"1412.6980"})).records.at(0);
  CHECK(record.authors.at(0).family == "Kingma");
  world.forget_pauses();
  record = world.session()->papers().fetch(ids({"1412.6980"})).records.at(0);
  // cache_fresh 0 takes an answer of this very second: either is right, with the same names.
  CHECK(record.authors.at(0).family == "Kingma");
  CHECK(record.origin(RecordField::authors).source == "arxiv-oai");
}

TEST_CASE("Atom and OAI-PMH refuse: DataCite is asked once for all") {
  SessionWorld world;
  REQUIRE(world.arxiv.set_faults({"429:on=atom", "503:on=oai"}));
  CHECK(
      fetch(*world.session(), {"1706.03762", "1810.04805", "1412.6980v9", "hep-th/9901001", "1412.6980v1"}) ==
      "1706.03762v7@datacite|1412.6980v9@datacite|hep-th/9901001v1@datacite|!1810.04805:rate_limited|"
      "!1412.6980v1:rate_limited|");
  CHECK(world.arxiv.report().requests == 2);
  CHECK(broken_rules(world.arxiv.report()) == std::vector<std::string>{});
  const auto report = world.sources.report("datacite");
  CHECK(report.requests == 1);
  CHECK(report.batch_max == 4);  // one paper was named in two versions
  CHECK(broken_rules(report) == std::vector<std::string>{});

  // While the pauses last nobody is bothered; what DataCite did not have may be elsewhere.
  const auto result = world.session()->papers().fetch(ids({"1810.04805"}));
  REQUIRE(result.failures.size() == 1);
  REQUIRE(result.failures[0].by_source.size() == 3);
  CHECK(result.failures[0].by_source[0].source == "arxiv-atom");
  CHECK(result.failures[0].by_source[0].error.retry_after.has_value());
  CHECK(result.failures[0].by_source[1].error.message.starts_with("loopback-arxiv-oai asked for a pause"));
  CHECK(world.arxiv.report().requests == 2);

  world.forget_pauses();
  REQUIRE(world.arxiv.set_faults({}));
  CHECK(fetch(*world.session(), {"1810.04805", "1706.03762"}) ==
        "1810.04805v2@arxiv-atom|1706.03762v7@datacite|");
}

TEST_CASE("all refuse: the one that opens first is waited for") {
  SessionWorld world;
  world.settings.arxiv_patience = std::chrono::seconds(5);
  REQUIRE(world.arxiv.set_faults({"429:retry-after=1:on=atom@1", "503:retry-after=60:on=oai"}));
  REQUIRE(world.sources.set_faults({"503:retry-after=60"}));
  CHECK(fetch(*world.session(), {"1706.03762"}) == "1706.03762v7@arxiv-atom|");
  CHECK(broken_rules(world.arxiv.report()) == std::vector<std::string>{});
  CHECK(world.arxiv.report().requests == 3);
}

TEST_CASE("bad answers of Atom are OAI-PMH's business") {
  SessionWorld world;
  for (const std::string kind : {"cut", "reset", "empty", "bad-xml", "html", "other-paper"}) {
    INFO(kind);
    std::filesystem::remove_all(world.dir.path() / "cache");
    REQUIRE(world.arxiv.set_faults({kind + ":on=atom"}));
    CHECK(fetch(*world.session(), {"1706.03762"}) == "1706.03762@arxiv-oai|");
  }
  CHECK(broken_rules(world.arxiv.report()) == std::vector<std::string>{});
}

TEST_CASE("bad answers of all sources prove nothing") {
  SessionWorld world;
  for (const std::string kind : {"cut", "bad-xml", "html", "other-paper", "empty"}) {
    INFO(kind);
    REQUIRE(world.arxiv.set_faults({kind}));
    REQUIRE(world.sources.set_faults({kind}));
    const auto result = world.session()->papers().fetch(ids({"1706.03762"}));
    CHECK(result.records.empty());
    CHECK(result.not_found.empty());
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].by_source.size() == 3);
  }
  REQUIRE(world.arxiv.set_faults({}));
  CHECK(fetch(*world.session(), {"1706.03762"}) == "1706.03762v7@arxiv-atom|");
}

TEST_CASE("a run that is cut short goes on where it stopped") {
  SessionWorld world;
  REQUIRE(world.arxiv.set_faults({"429:on=atom", "503:on=oai@4-"}));
  world.settings.use_datacite = false;
  // The first request is Atom's; two papers come before OAI-PMH refuses too.
  CHECK(fetch(*world.session(), {"1706.03762", "1412.6980", "1810.04805"}) ==
        "1706.03762@arxiv-oai|1412.6980@arxiv-oai|!1810.04805:rate_limited|");
  world.forget_pauses();
  REQUIRE(world.arxiv.set_faults({"429:on=atom"}));
  world.arxiv.forget();
  CHECK(fetch(*world.session(), {"1706.03762", "1412.6980", "1810.04805"}) ==
        "1706.03762@arxiv-oai|1412.6980@arxiv-oai|1810.04805@arxiv-oai|");
  CHECK(requests(world.arxiv.report(), "oai") == 1);
}

TEST_CASE("many papers: OAI-PMH is asked for twenty, DataCite for the rest") {
  SessionWorld world;
  REQUIRE(world.arxiv.set_faults({"429:on=atom"}));
  std::vector<std::string> many;
  for (int i = 1; i <= 30; ++i)
    many.push_back("2405.000" + std::string(i < 10 ? "0" : "") + std::to_string(i));
  many.emplace_back("1706.03762");
  const auto result = world.session()->papers().fetch(ids(many));
  CHECK(result.not_found.size() == 20);
  CHECK(result.failures.size() == 10);
  REQUIRE(result.records.size() == 1);
  CHECK(result.records[0].origins.front().source == "datacite");
  CHECK(requests(world.arxiv.report(), "oai") == 20);
  CHECK(world.sources.report("datacite").batch_max == 11);
}

TEST_CASE("sources that the settings leave out are not asked") {
  SessionWorld world;
  world.settings.use_oai = false;
  world.settings.use_datacite = false;
  REQUIRE(world.arxiv.set_faults({"429"}));
  CHECK(fetch(*world.session(), {"1706.03762"}) == "!1706.03762:rate_limited|");
  CHECK(world.arxiv.report().requests == 1);
  CHECK(world.sources.requests() == 0);
}

TEST_CASE("a harvest pulls every record once") {
  SessionWorld world;
  emulator::Emulator small({.records = {"data/sample_papers.jsonl"},
                            .interval = SessionWorld::interval,
                            .oai_records_per_page = 7});
  fetchers::CurlTransport curl({.user_agent = fetchers::user_agent("tests@example.org")});
  fetchers::SystemClock clock;
  fetchers::RateLimiter limiter(world.dir / "state", "loopback", clock, {.interval = SessionWorld::interval});
  fetchers::PoliteTransport polite(curl, limiter, clock, {});
  fetchers::OaiHarvest harvest(polite, clock, {}, small.oai_url());
  std::vector<std::string> seen;
  while (true) {
    const auto page = harvest.next();
    REQUIRE(page);
    if (!*page) break;
    for (const auto& record : (*page)->records) seen.push_back(record.record->arxiv_id->str());
  }
  const std::size_t all = seen.size();
  CHECK(all == 26);
  std::ranges::sort(seen);
  CHECK(std::ranges::adjacent_find(seen) == seen.end());
  CHECK(broken_rules(small.report()) == std::vector<std::string>{});
}
