#include "fetchers/chain/source_chain.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "fetchers/chain/author_parts.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using std::chrono::seconds;

namespace {

ArxivId id(std::string_view text) { return *ArxivId::parse(text); }

// A source that has some papers and is out of order as the test wants it.
class FakeSource final : public Fetcher {
 public:
  std::string name;
  std::vector<std::string> papers;
  std::vector<std::string> without_authors;
  std::map<std::string, FetchError> broken;  // by id; "*": all
  std::vector<std::string> requests;         // "a,b"
  std::vector<seconds> patience;
  std::function<void()> on_fetch;

  explicit FakeSource(std::string the_name) : name(std::move(the_name)) {}

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token, const FetchProgress& progress) override {
    if (on_fetch) on_fetch();
    FetchResult result;
    std::string request;
    for (const ArxivId& asked : ids) {
      request += (request.empty() ? "" : ",") + asked.str();
      const auto all = broken.find("*");
      const auto one = broken.find(asked.str());
      if (all != broken.end() || one != broken.end()) {
        result.failures.push_back({asked, all != broken.end() ? all->second : one->second, {}});
      } else if (std::ranges::find(papers, asked.base()) == papers.end()) {
        result.not_found.push_back(asked);
      } else {
        Record record;
        record.arxiv_id = asked;
        record.title = name + ' ' + asked.str();
        if (std::ranges::find(without_authors, asked.base()) == without_authors.end()) {
          record.authors = {{.name = "A. Author"}};
        }
        record.origins = {{.source = name}};
        result.records.push_back(record);
      }
    }
    requests.push_back(request);
    if (progress) progress(ids.size(), ids.size());
    return result;
  }

  PaperSource as(bool knows_all, std::size_t ids_max = SIZE_MAX) {
    return {.name = name,
            .fetcher = this,
            .knows_all = knows_all,
            .ids_max = ids_max,
            .set_patience = [this](seconds span) { patience.push_back(span); }};
  }
};

FetchError refused(int retry_after) {
  return FetchError{
      .code = FetchError::Code::rate_limited, .message = "not now", .retry_after = seconds(retry_after)};
}

const FetchError unreachable{.code = FetchError::Code::unreachable, .message = "no route"};

struct World {
  FakeSource atom{"atom"};
  FakeSource oai{"oai"};
  FakeSource datacite{"datacite"};
  std::vector<std::size_t> progress;

  World() {
    for (FakeSource* source : {&atom, &oai, &datacite})
      source->papers = {"2101.00001", "2101.00002", "2101.00003"};
  }

  FetchResult ask(const std::vector<ArxivId>& ids, seconds patience = seconds(60),
                  std::size_t oai_max = SIZE_MAX) {
    SourceChain chain({atom.as(true), oai.as(true, oai_max), datacite.as(false)}, patience);
    return chain.fetch(ids, {}, [this](std::size_t done, std::size_t) { progress.push_back(done); });
  }

  // "title|" of what came, "-id(by)|" for not found, "!id:code|" for could not ask.
  std::string fetch(const std::vector<ArxivId>& ids, seconds patience = seconds(60),
                    std::size_t oai_max = SIZE_MAX) {
    const FetchResult result = ask(ids, patience, oai_max);
    std::string out;
    for (const Record& record : result.records) out += record.title + '|';
    for (std::size_t i = 0; i < result.not_found.size(); ++i) {
      out += '-' + result.not_found[i].str() + '(' + result.not_found_by.at(i) + ")|";
    }
    for (const auto& failure : result.failures) {
      out += '!' + failure.id.str() + ':' + std::string(name_of(failure.error.code)) + '|';
    }
    return out;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the first source suffices when it answers") {
  World world;
  CHECK(world.fetch({id("2101.00002"), id("2101.00009"), id("2101.00001"), id("2101.00002")}) ==
        "atom 2101.00002|atom 2101.00001|atom 2101.00002|-2101.00009(atom)|");
  // As they come: a Fetcher asks for duplicates once.
  CHECK(world.atom.requests == Names{"2101.00002,2101.00009,2101.00001,2101.00002"});
  CHECK(world.oai.requests.empty());
  CHECK(world.datacite.requests.empty());
}

TEST_CASE("the next source is asked for what the one before could not be asked for, and for nothing else") {
  World world;
  world.atom.broken["2101.00002"] = unreachable;
  world.oai.broken["*"] = unreachable;
  CHECK(world.fetch({id("2101.00001"), id("2101.00002"), id("2101.00009")}) ==
        "atom 2101.00001|datacite 2101.00002|-2101.00009(atom)|");
  CHECK(world.oai.requests == Names{"2101.00002"});
  CHECK(world.datacite.requests == Names{"2101.00002"});
  CHECK(std::ranges::is_sorted(world.progress));
}

TEST_CASE("what is asked for twice is answered twice, by whichever source") {
  World world;
  world.atom.broken["2101.00002"] = unreachable;
  CHECK(world.fetch({id("2101.00002"), id("2101.00001"), id("2101.00002")}) ==
        "oai 2101.00002|atom 2101.00001|oai 2101.00002|");
  CHECK(world.oai.requests == Names{"2101.00002"});
  CHECK(std::ranges::is_sorted(world.progress));
  CHECK(world.progress.back() == 3);
}

TEST_CASE("not found needs a source that knows every paper") {
  World world;
  SECTION("OAI-PMH is one") {
    world.atom.broken["*"] = unreachable;
    CHECK(world.fetch({id("2101.00009")}) == "-2101.00009(oai)|");
    CHECK(world.datacite.requests.empty());
  }
  SECTION("DataCite is none") {
    world.atom.broken["*"] = unreachable;
    world.oai.broken["*"] = refused(600);
    const FetchResult result = world.ask({id("2101.00009")});
    CHECK(result.not_found.empty());
    REQUIRE(result.failures.size() == 1);
    const auto& failure = result.failures[0];
    CHECK(failure.error.code == FetchError::Code::unreachable);
    CHECK(failure.error.message ==
          "atom: no route; oai: not now; datacite: has no such paper, but it does not have all of them");
    CHECK(failure.error.retry_after == seconds(600));
    REQUIRE(failure.by_source.size() == 3);
    CHECK(failure.by_source[1].source == "oai");
    CHECK(failure.by_source[1].error == refused(600));
  }
}

TEST_CASE("a source that refuses is not waited for while there is another road") {
  World world;
  world.atom.broken["*"] = refused(5);
  CHECK(world.fetch({id("2101.00001")}) == "oai 2101.00001|");
  CHECK(world.atom.patience == std::vector{seconds(0)});
  CHECK(world.atom.requests.size() == 1);
}

TEST_CASE("when all roads are closed the one that opens first is waited for") {
  World world;
  world.atom.broken["*"] = refused(30);
  world.oai.broken["*"] = refused(10);
  world.datacite.broken["*"] = unreachable;
  SECTION("a short wait") {
    world.oai.on_fetch = [&] {
      if (world.oai.patience.back() > seconds(0)) world.oai.broken.clear();
    };
    CHECK(world.fetch({id("2101.00001"), id("2101.00009")}) == "oai 2101.00001|-2101.00009(oai)|");
    CHECK(world.oai.patience == std::vector{seconds(0), seconds(60)});
    CHECK(world.atom.requests.size() == 1);
  }
  SECTION("in vain: once more, and no more") {
    CHECK(world.fetch({id("2101.00001")}) == "!2101.00001:rate_limited|");
    CHECK(world.oai.requests.size() == 2);
    CHECK(world.atom.requests.size() == 1);
  }
  SECTION("a long one is not worth it") {
    CHECK(world.fetch({id("2101.00001")}, seconds(9)) == "!2101.00001:rate_limited|");
    CHECK(world.oai.requests.size() == 1);
  }
}

TEST_CASE("the only source is waited for at once") {
  World world;
  SourceChain chain({world.atom.as(true)}, seconds(60));
  world.atom.broken["*"] = refused(30);
  CHECK(chain.fetch(std::vector{id("2101.00001")}).failures.size() == 1);
  CHECK(world.atom.patience == std::vector{seconds(60)});
  CHECK(world.atom.requests.size() == 1);
}

TEST_CASE("a source that takes few is not asked for many") {
  World world;
  world.atom.broken["*"] = unreachable;
  CHECK(world.fetch({id("2101.00001"), id("2101.00002"), id("2101.00003"), id("2101.00009")}, seconds(60),
                    2) == "oai 2101.00001|oai 2101.00002|datacite 2101.00003|!2101.00009:unreachable|");
  CHECK(world.oai.requests == Names{"2101.00001,2101.00002"});
  CHECK(world.datacite.requests == Names{"2101.00003,2101.00009"});
}

TEST_CASE("a record without authors is used if there is no better one") {
  World world;
  world.atom.without_authors = {"2101.00001", "2101.00002"};
  world.oai.broken["2101.00002"] = unreachable;
  world.datacite.broken["2101.00002"] = unreachable;
  CHECK(world.fetch({id("2101.00001"), id("2101.00002")}) == "oai 2101.00001|atom 2101.00002|");
}

TEST_CASE("without sources nothing can be asked") {
  SourceChain chain({}, seconds(60));
  const FetchResult result = chain.fetch(std::vector{id("2101.00001")});
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].error.message == "there is no source to ask");
}

namespace {

Record with_authors(const std::string& source, std::vector<Author> authors) {
  Record record;
  record.authors = std::move(authors);
  record.origins = {{.source = source}};
  return record;
}

}  // namespace

TEST_CASE("names come in parts when both sources have the same ones") {
  const Record parts = with_authors(
      "arxiv-oai", {{.name = "L. van der Berg", .family = "van der Berg", .given = "L."},
                    {.name = "J. -P. O'Neil Jr.", .family = "O'Neil", .given = "J. -P.", .suffix = "Jr."}});
  SECTION("the same") {
    Record record = with_authors(
        "arxiv-atom", {{.name = "L. van der Berg", .affiliations = {"Here"}}, {.name = "J.-P. O'Neil Jr"}});
    CHECK(take_author_parts(record, parts));
    CHECK(
        record.authors[0] ==
        Author{.name = "L. van der Berg", .family = "van der Berg", .given = "L.", .affiliations = {"Here"}});
    CHECK(record.authors[1].suffix == "Jr.");
    CHECK(record.origin(RecordField::authors).source == "arxiv-oai");
    CHECK(record.origin(RecordField::title).source == "arxiv-atom");
  }
  SECTION("another list") {
    Record fewer = with_authors("arxiv-atom", {{.name = "L. van der Berg"}});
    Record others = with_authors("arxiv-atom", {{.name = "L. van der Berg"}, {.name = "P. O'Neil"}});
    Record none = with_authors("arxiv-atom", {});
    for (Record* record : {&fewer, &others, &none}) {
      const Record before = *record;
      CHECK_FALSE(take_author_parts(*record, parts));
      CHECK(record->authors == before.authors);
      CHECK(record->origin(RecordField::authors).source == "arxiv-atom");
    }
  }
  SECTION("the other has no parts either") {
    Record record = with_authors("arxiv-atom", {{.name = "A"}});
    CHECK_FALSE(take_author_parts(record, with_authors("arxiv-oai", {{.name = "A"}})));
  }
}
