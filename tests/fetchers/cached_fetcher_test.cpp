#include "fetchers/chain/cached_fetcher.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fetchers/cache/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::TempDir;

namespace {

ArxivId id(std::string_view text) { return *ArxivId::parse(text); }

std::string entry_of(const ArxivId& paper) {
  return "<entry><id>http://arxiv.org/abs/" + paper.str() + "</id><title>On " + paper.str() +
         "</title><author><name>A. Author</name></author></entry>";
}

// arXiv as a list of papers with their newest version.
class FakeArxiv final : public Fetcher {
 public:
  std::map<std::string, std::uint16_t> newest;
  std::optional<FetchError> refusal;
  std::vector<std::vector<std::string>> requests;
  bibsmith::RawAnswerSink sink;
  FakeClock& clock;

  explicit FakeArxiv(FakeClock& the_clock) : clock(the_clock) {}

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token, const FetchProgress& progress) override {
    FetchResult result;
    requests.emplace_back();
    for (const ArxivId& asked : ids) {
      requests.back().push_back(asked.str());
      if (refusal) {
        result.failures.push_back({asked, *refusal});
        continue;
      }
      const auto paper = newest.find(asked.base());
      if (paper == newest.end() || asked.version().value_or(1) > paper->second) {
        result.not_found.push_back(asked);
        continue;
      }
      Record record;
      record.arxiv_id = asked.version() ? asked : asked.with_version(paper->second);
      record.title = "On " + record.arxiv_id->str();
      record.origins = {Origin{"arxiv-atom", "https://example.org/", clock.calendar()}};
      sink(std::make_shared<const Record>(record), entry_of(*record.arxiv_id), record.origins.front());
      result.records.push_back(record);
    }
    if (progress) progress(ids.size(), ids.size());
    return result;
  }
};

struct World {
  TempDir dir;
  FakeClock clock;
  FakeArxiv arxiv{clock};
  std::vector<std::string> warnings;
  std::unique_ptr<SqliteStore> store = std::move(*SqliteStore::open({dir / "cache.sqlite", 1 << 20, {}}));
  CachedFetcher fetcher{store.get(), &arxiv, clock, Freshness{},
                        [this](std::string_view line) { warnings.emplace_back(line); }};

  World() {
    arxiv.newest = {{"1706.03762", 7}, {"1412.6980", 9}};
    arxiv.sink = [this](const RecordPointer& record, std::string_view raw, const Origin& origin) {
      fetcher.collect(record, raw, origin);
    };
  }

  // "title|title" of what came, then "-id" for not found and "!id" for could not ask.
  std::string fetch(std::vector<ArxivId> ids) {
    const FetchResult result = fetcher.fetch(ids);
    std::string out;
    for (const Record& record : result.records) out += record.title + '|';
    for (const ArxivId& missing : result.not_found) out += '-' + missing.str() + '|';
    for (const auto& failure : result.failures) out += '!' + failure.id.str() + '|';
    return out;
  }
};

using Requests = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("only what is not known is asked for, and the order stays") {
  World world;
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
  CHECK(world.fetch({id("1412.6980"), id("1706.03762"), id("2411.99999")}) ==
        "On 1412.6980v9|On 1706.03762v7|-2411.99999|");
  CHECK(world.arxiv.requests == Requests{{"1706.03762"}, {"1412.6980", "2411.99999"}});
  CHECK(world.fetch({id("2411.99999"), id("1412.6980")}) == "On 1412.6980v9|-2411.99999|");
  CHECK(world.arxiv.requests.size() == 2);
}

TEST_CASE("a cache that holds nothing but what is missing is asked too") {
  World world;
  CHECK(world.fetch({id("2411.99999"), id("2411.99999")}) == "-2411.99999|-2411.99999|");
  CHECK(world.fetch({id("2411.99999")}) == "-2411.99999|");
  CHECK(world.arxiv.requests.size() == 1);
}

TEST_CASE("who listens hears of each record, asked for or known") {
  World world;
  std::string heard;
  world.fetcher.on_arrival([&](const RecordPointer& record) { heard += record->title + '|'; });
  world.fetch({id("1706.03762")});
  CHECK(heard == "On 1706.03762v7|");
  world.fetch({id("1412.6980"), id("1706.03762"), id("2411.99999")});
  CHECK(heard == "On 1706.03762v7|On 1706.03762v7|On 1412.6980v9|");
  world.fetcher.on_arrival({});
  world.fetch({id("1706.03762")});
  CHECK(heard == "On 1706.03762v7|On 1706.03762v7|On 1412.6980v9|");
}

TEST_CASE("the newest version is asked for again after a day, a named one never") {
  World world;
  CHECK(world.fetch({id("1706.03762"), id("1706.03762v5")}) == "On 1706.03762v7|On 1706.03762v5|");
  world.clock.now += std::chrono::hours(25);
  world.arxiv.newest["1706.03762"] = 8;
  CHECK(world.fetch({id("1706.03762v5"), id("1706.03762")}) == "On 1706.03762v5|On 1706.03762v8|");
  CHECK(world.arxiv.requests == Requests{{"1706.03762", "1706.03762v5"}, {"1706.03762"}});
  // The version that was the newest can be had by its name without a request.
  CHECK(world.fetch({id("1706.03762v7")}) == "On 1706.03762v7|");
  CHECK(world.arxiv.requests.size() == 2);
}

TEST_CASE("an answer to a named version does not pass for the newest") {
  World world;
  CHECK(world.fetch({id("1706.03762v1")}) == "On 1706.03762v1|");
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
}

TEST_CASE("when arXiv cannot be asked an older answer serves, and nothing is called missing") {
  World world;
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
  world.clock.now += std::chrono::hours(25);
  world.arxiv.refusal = FetchError{.code = FetchError::Code::rate_limited, .message = "later"};
  CHECK(world.fetch({id("1706.03762"), id("1412.6980")}) == "On 1706.03762v7|!1412.6980|");
  world.arxiv.refusal.reset();
  CHECK(world.fetch({id("1412.6980")}) == "On 1412.6980v9|");
}

TEST_CASE("offline means the cache alone") {
  World world;
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
  world.clock.now += std::chrono::hours(25);
  CachedFetcher offline(world.store.get(), nullptr, world.clock, Freshness{}, {});
  const FetchResult result = offline.fetch(std::vector{id("1706.03762"), id("1412.6980")});
  REQUIRE(result.records.size() == 1);
  CHECK(result.records[0].arxiv_id == id("1706.03762v7"));
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].error.code == FetchError::Code::offline);
}

TEST_CASE("a cache that breaks is left out, with one warning") {
  World world;
  {
    auto database = Database::open(world.dir / "cache.sqlite", Database::Open::read_write_create);
    REQUIRE(database->run("DROP TABLE answers"));
  }
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
  CHECK(world.fetch({id("1706.03762")}) == "On 1706.03762v7|");
  CHECK(world.arxiv.requests.size() == 2);
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].ends_with("; going on without it"));
}

namespace {

StoredAnswer oai_answer(World& world, const std::string& paper, const std::string& authors) {
  const std::string raw = "<record><header/><metadata><arXiv><id>" + paper + "</id><title>OAI on " + paper +
                          "</title><authors>" + authors + "</authors></arXiv></metadata></record>";
  return {.subject = {"arxiv-oai", paper, 0},
          .current = true,
          .origin = {"arxiv-oai", "https://example.org/oai", world.clock.calendar()},
          .body = raw};
}

StoredAnswer datacite_answer(World& world, const std::string& paper, std::uint16_t version) {
  return {.subject = {"datacite", "10.48550/arxiv." + paper, version},
          .current = true,
          .origin = {"datacite", "https://example.org/dois", world.clock.calendar()},
          .body = "{\"attributes\": {\"doi\": \"10.48550/arxiv." + paper + "\", \"version\": \"" +
                  std::to_string(version) + "\", \"titles\": [{\"title\": \"DataCite on " + paper + "\"}]}}"};
}

}  // namespace

TEST_CASE("a fresh answer of any source will do") {
  World world;
  REQUIRE(world.store->keep(
      std::vector{oai_answer(world, "1706.03762", ""), datacite_answer(world, "1412.6980", 9)}));
  CHECK(world.fetch({id("1706.03762"), id("1412.6980"), id("1412.6980v9")}) ==
        "OAI on 1706.03762|DataCite on 1412.6980|DataCite on 1412.6980|");
  CHECK(world.arxiv.requests.empty());
  // OAI-PMH did not say which version that was.
  CHECK(world.fetch({id("1706.03762v7")}) == "On 1706.03762v7|");
}

TEST_CASE("of older answers the newest serves") {
  World world;
  REQUIRE(world.store->keep(std::vector{oai_answer(world, "1706.03762", "")}));
  world.clock.now += std::chrono::hours(1);
  REQUIRE(world.store->keep(std::vector{datacite_answer(world, "1706.03762", 7)}));
  world.clock.now += std::chrono::hours(25);
  world.arxiv.refusal = FetchError{.code = FetchError::Code::rate_limited, .message = "later"};
  CHECK(world.fetch({id("1706.03762")}) == "DataCite on 1706.03762|");
}

TEST_CASE("names of Atom come in parts if OAI-PMH has told them") {
  World world;
  REQUIRE(world.fetch({id("1412.6980")}) == "On 1412.6980v9|");
  REQUIRE(world.store->keep(std::vector{oai_answer(
      world, "1412.6980", "<author><keyname>Author</keyname><forenames>A.</forenames></author>")}));
  const FetchResult result = world.fetcher.fetch(std::vector{id("1412.6980")});
  REQUIRE(result.records.size() == 1);
  CHECK(result.records[0].title == "On 1412.6980v9");
  CHECK(result.records[0].authors ==
        std::vector<Author>{{.name = "A. Author", .family = "Author", .given = "A."}});
  CHECK(result.records[0].origin(RecordField::authors).source == "arxiv-oai");
}

TEST_CASE("who said that a paper is not there is remembered") {
  World world;
  REQUIRE(world.store->keep_missing(std::vector<Subject>{{"arxiv-oai", "2411.99999", 0}},
                                    world.clock.calendar()));
  CHECK(world.fetch({id("2411.99999")}) == "-2411.99999|");
  CHECK(world.arxiv.requests.empty());
}
