#include "fetchers/chain/work_chain.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fetchers/cache/sqlite_store.hpp"
#include "fetchers/dblp/dblp_fetcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::TempDir;

namespace {

Doi doi(const std::string& text) { return *Doi::parse(text); }

const FetchError refusal{.code = FetchError::Code::rate_limited, .message = "not now"};

class FakeRegistry final : public DoiFetcher {
 public:
  std::string name;
  std::vector<std::string> works;
  bool is_broken = false;
  std::vector<std::string> requests;
  WorkSink sink;
  FakeClock& clock;

  FakeRegistry(std::string the_name, FakeClock& the_clock) : name(std::move(the_name)), clock(the_clock) {}

  DoiResult fetch(std::span<const Doi> dois, std::stop_token, const FetchProgress& progress) override {
    DoiResult result;
    std::string request;
    std::vector<std::string> raws;
    for (const Doi& asked : dois) {
      request += (request.empty() ? "" : ",") + asked.str();
      if (is_broken) {
        result.failures.push_back({asked, {{name, refusal}}});
      } else if (std::ranges::find(works, asked.canonical()) == works.end()) {
        result.not_found.push_back({asked, {name}});
      } else {
        const Origin origin{.source = name, .url = "https://example.org", .retrieved = clock.calendar()};
        Record record;
        record.title = name + ' ' + asked.str();
        record.dois = {asked};
        record.origins = {origin};
        const std::string raw =
            name == "openalex"   ? "{\"doi\": \"" + asked.str() + "\", \"title\": \"" + record.title + "\"}"
            : name == "crossref" ? "{\"DOI\": \"" + asked.str() + "\", \"title\": [\"" + record.title + "\"]}"
                                 : "{\"attributes\": {\"doi\": \"" + asked.str() +
                                       "\", \"titles\": [{\"title\": \"" + record.title + "\"}]}}";
        sink(AnsweredWork{asked, record, raw}, origin);
        result.found.push_back({asked, record});
      }
    }
    requests.push_back(request);
    if (progress) progress(dois.size(), dois.size());
    return result;
  }
};

class FakeDblp final : public TitleFetcher {
 public:
  bool is_broken = false;
  int requests = 0;
  TitleSink sink;
  FakeClock& clock;

  explicit FakeDblp(FakeClock& the_clock) : clock(the_clock) {}

  tl::expected<std::vector<Record>, FetchError> find(const TitleQuery& query, std::stop_token) override {
    ++requests;
    if (is_broken) return tl::unexpected(refusal);
    const Origin origin{.source = "dblp", .url = "https://example.org", .retrieved = clock.calendar()};
    const std::string body = "<result><hits total=\"1\"><hit><info><title>" + query.title +
                             ".</title></info></hit></hits></result>";
    sink(query, body, origin);
    Record record;
    record.title = query.title;
    record.origins = {origin};
    return std::vector{record};
  }
};

struct World {
  TempDir dir;
  FakeClock clock;
  FakeRegistry crossref{"crossref", clock};
  FakeRegistry datacite{"datacite", clock};
  FakeDblp dblp{clock};
  std::unique_ptr<SqliteStore> store = std::move(*SqliteStore::open({dir / "cache.sqlite", 1 << 20, {}}));
  std::unique_ptr<WorkChain> chain;

  World() {
    crossref.works = {"10.1000/a", "10.1000/b"};
    datacite.works = {"10.5281/z", "10.1000/c"};
    restart();
  }

  // Another process with the same cache.
  void restart() {
    chain = std::make_unique<WorkChain>(store.get(), WorkChain::Sources{&crossref, &datacite, &dblp}, clock,
                                        Freshness{}, WorkChain::Warn{});
    crossref.sink = [this](const AnsweredWork& work, const Origin& origin) { chain->collect(work, origin); };
    datacite.sink = crossref.sink;
    dblp.sink = [this](const TitleQuery& query, std::string_view body, const Origin& origin) {
      chain->collect(query, body, origin);
    };
  }

  std::string fetch(const std::vector<Doi>& dois) {
    const DoiResult result = chain->fetch(dois);
    std::string out;
    for (const auto& found : result.found) out += found.record.title + '|';
    for (const auto& missing : result.not_found) {
      out += '-' + missing.doi.str();
      for (const std::string& source : missing.said_by) out += ' ' + source;
      out += '|';
    }
    for (const auto& failure : result.failures) {
      out += '!' + failure.doi.str();
      for (const SourceError& error : failure.errors) out += ' ' + error.source;
      out += '|';
    }
    return out;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each DOI goes to the registry of its prefix, then to the other one") {
  World world;
  CHECK(world.fetch(
            {doi("10.1000/A"), doi("10.5281/z"), doi("10.1000/c"), doi("10.1000/d"), doi("10.1000/a")}) ==
        "crossref 10.1000/A|datacite 10.5281/z|datacite 10.1000/c|crossref 10.1000/A|-10.1000/d crossref "
        "datacite|");
  CHECK(world.crossref.requests == Names{"10.1000/A,10.1000/c,10.1000/d"});
  CHECK(world.datacite.requests == Names{"10.5281/z", "10.1000/c,10.1000/d"});
}

TEST_CASE("what is known is not asked for again, also by the next process") {
  World world;
  world.fetch({doi("10.1000/a"), doi("10.1000/c"), doi("10.1000/d")});
  world.restart();
  CHECK(world.fetch({doi("10.1000/d"), doi("10.1000/c"), doi("10.1000/a"), doi("10.1000/b")}) ==
        "datacite 10.1000/c|crossref 10.1000/a|crossref 10.1000/b|-10.1000/d crossref datacite|");
  CHECK(world.crossref.requests == Names{"10.1000/a,10.1000/c,10.1000/d", "10.1000/b"});
  CHECK(world.datacite.requests == Names{"10.1000/c,10.1000/d"});
  world.clock.now += std::chrono::hours(25);
  world.fetch({doi("10.1000/a"), doi("10.1000/d")});
  CHECK(world.crossref.requests.back() == "10.1000/a,10.1000/d");
}

TEST_CASE("a registry that refuses proves nothing") {
  World world;
  world.fetch({doi("10.1000/a")});
  world.clock.now += std::chrono::hours(25);
  world.crossref.is_broken = true;
  CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/b"), doi("10.1000/c")}) ==
        "crossref 10.1000/a|datacite 10.1000/c|!10.1000/b crossref|");
  // The one that did not answer is asked the next time, the other one is not.
  world.crossref.is_broken = false;
  world.restart();
  CHECK(world.fetch({doi("10.1000/b")}) == "crossref 10.1000/b|");
  CHECK(world.datacite.requests == Names{"10.1000/a,10.1000/b,10.1000/c"});
}

TEST_CASE("OpenAlex stands in for a registry that is out, and proves nothing") {
  World world;
  FakeRegistry openalex{"openalex", world.clock};
  openalex.works = {"10.1000/a"};
  world.crossref.is_broken = true;
  const auto restart = [&] {
    world.chain = std::make_unique<WorkChain>(
        world.store.get(),
        WorkChain::Sources{.crossref = &world.crossref, .datacite = &world.datacite, .openalex = &openalex},
        world.clock, Freshness{}, WorkChain::Warn{});
    openalex.sink = [&](const AnsweredWork& work, const Origin& origin) {
      world.chain->collect(work, origin);
    };
    world.crossref.sink = world.datacite.sink = openalex.sink;
  };
  restart();
  const std::string expected = "openalex 10.1000/a|datacite 10.1000/c|!10.1000/d crossref|";
  CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/c"), doi("10.1000/d")}) == expected);
  CHECK(openalex.requests == Names{"10.1000/a,10.1000/d"});
  restart();
  CHECK(world.fetch({doi("10.1000/a"), doi("10.1000/c"), doi("10.1000/d")}) == expected);
  CHECK(world.datacite.requests.size() == 1);
}

TEST_CASE("titles go to DBLP once a day") {
  World world;
  const TitleQuery query{"On Things", "Example"};
  auto found = world.chain->find(query);
  REQUIRE(found);
  CHECK(found->at(0).title == "On Things");
  world.restart();
  found = world.chain->find({"on things!", "example"});  // the same words
  REQUIRE(found);
  CHECK(found->at(0).title == "On Things");
  CHECK(world.dblp.requests == 1);
  world.clock.now += std::chrono::hours(25);
  world.dblp.is_broken = true;
  found = world.chain->find(query);
  REQUIRE(found);
  CHECK(world.dblp.requests == 2);
  CHECK(world.chain->find({"Other", ""}).error() == refusal);
}

namespace {

// Knows one work, and counts who asks.
class FakeTitles final : public TitleFetcher, public TitlesFetcher {
 public:
  int requests = 0;
  std::string body_found;
  std::string body_none;
  Origin origin;
  TitleSink sink;

  TitleAnswer find(const TitleQuery& query, std::stop_token) override {
    ++requests;
    return answer(query);
  }
  std::vector<TitleAnswer> find(const std::vector<TitleQuery>& queries, std::stop_token) override {
    ++requests;
    std::vector<TitleAnswer> answers;
    for (const TitleQuery& query : queries) answers.push_back(answer(query));
    return answers;
  }

 private:
  TitleAnswer answer(const TitleQuery& query) {
    const bool is_known = query.title == "On Things";
    sink(query, is_known ? body_found : body_none, origin);
    std::vector<Record> records(is_known ? 1 : 0);
    if (is_known) records[0].title = query.title;
    return records;
  }
};

}  // namespace

TEST_CASE("each source keeps its searches, those that found nothing too") {
  World world;
  FakeTitles crossref, openalex, arxiv;
  crossref.body_found = R"({"message": {"items": [{"DOI": "10.1000/a", "title": ["On Things"]}]}})";
  crossref.body_none = R"({"message": {"items": []}})";
  crossref.origin = {.source = "crossref", .retrieved = world.clock.calendar()};
  openalex.body_found = R"({"results": [{"title": "On Things"}]})";
  openalex.body_none = R"({"results": []})";
  openalex.origin = {.source = "openalex", .retrieved = world.clock.calendar()};
  arxiv.body_found =
      "<feed><entry><id>http://arxiv.org/abs/2101.00001v1</id><title>On Things</title></entry></feed>";
  arxiv.body_none = "<feed></feed>";
  arxiv.origin = {.source = "arxiv-atom", .retrieved = world.clock.calendar()};
  for (int process = 0; process < 2; ++process) {
    WorkChain chain(world.store.get(),
                    {.crossref_titles = &crossref, .openalex_titles = &openalex, .arxiv_titles = &arxiv},
                    world.clock, Freshness{}, {});
    for (FakeTitles* source : {&crossref, &openalex, &arxiv}) {
      source->sink = [&](const TitleQuery& query, std::string_view body, const Origin& origin) {
        chain.collect(query, body, origin);
      };
    }
    for (const char* source : {"crossref", "openalex"}) {
      CHECK(chain.known(source, {"On Things", ""}).has_value() == (process == 1));
      CHECK(chain.find_in(source, {"On Things", ""})->at(0).title == "On Things");
      CHECK(chain.find_in(source, {"Nowhere", ""})->empty());
    }
    const auto papers = chain.find_in_arxiv({{"On Things", ""}, {"Nowhere", ""}});
    CHECK(papers.at(0)->at(0).title == "On Things");
    CHECK(papers.at(1)->empty());
    CHECK(chain.find_in("nobody", {"On Things", ""}).error().code == FetchError::Code::offline);
  }
  CHECK(crossref.requests == 2);
  CHECK(openalex.requests == 2);
  CHECK(arxiv.requests == 1);
}

TEST_CASE("without sources there is the cache alone") {
  World world;
  world.fetch({doi("10.1000/a")});
  WorkChain offline(world.store.get(), {}, world.clock, Freshness{}, {});
  const DoiResult result = offline.fetch(std::vector{doi("10.1000/a"), doi("10.1000/b")});
  CHECK(result.found.size() == 1);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].errors[0].error.code == FetchError::Code::offline);
  CHECK(offline.find({"On Things", ""}).error().code == FetchError::Code::offline);
}

TEST_CASE("prefixes that DataCite registers") {
  CHECK(is_datacite_prefix(doi("10.48550/arXiv.1706.03762")));
  CHECK(is_datacite_prefix(doi("10.5281/zenodo.1")));
  CHECK_FALSE(is_datacite_prefix(doi("10.1103/PhysRevD.76.013009")));
}
