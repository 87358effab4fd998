#include "fetchers/arxiv/arxiv_fetcher.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/atom_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using bibsmith::ArxivId;
using bibsmith::FetchError;
using bibsmith::FetchResult;
using bibsmith::Record;
using namespace bibsmith::fetchers;
using bibsmith::testing::atom_entry;
using bibsmith::testing::atom_error;
using bibsmith::testing::atom_feed;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

constexpr const char* errors = "https://arxiv.org/api/errors";

std::vector<ArxivId> ids(const std::vector<std::string>& texts) {
  std::vector<ArxivId> out;
  for (const std::string& text : texts) out.push_back(*ArxivId::parse(text));
  return out;
}

template <typename Records>
std::vector<std::string> names(const Records& records) {
  std::vector<std::string> out;
  for (const Record& record : records) out.push_back(record.arxiv_id->str());
  return out;
}

std::vector<std::string> names(const std::vector<ArxivId>& list) {
  std::vector<std::string> out;
  for (const ArxivId& id : list) out.push_back(id.str());
  return out;
}

std::vector<std::string> names(const std::vector<FetchResult::Failure>& failures) {
  std::vector<std::string> out;
  for (const auto& failure : failures) out.push_back(failure.id.str());
  return out;
}

std::string feed(const std::vector<std::string>& versions) {
  std::string entries;
  for (const std::string& id : versions) entries += atom_entry(id);
  return atom_feed(entries, versions.size());
}

// "a,b" of "…id_list=a,b&max_results=2"
std::string id_list(const std::string& url) {
  const std::size_t begin = url.find("id_list=") + 8;
  return url.substr(begin, url.find('&', begin) - begin);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t pos = 0; pos <= list.size();) {
    const std::size_t comma = std::min(list.find(',', pos), list.size());
    out.push_back(list.substr(pos, comma - pos));
    pos = comma + 1;
  }
  return out;
}

using Names = std::vector<std::string>;

struct World {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<std::string> kept;
  ArxivFetcher fetcher{
      transport, clock,
      [this](const bibsmith::RecordPointer& record, std::string_view raw, const auto& origin) {
        CHECK(raw == atom_entry(record->arxiv_id->str()));
        CHECK(origin == record->origins.front());
        kept.push_back(record->arxiv_id->str());
      }};

  // The ids of each request so far.
  Names asked() const {
    Names out;
    for (const std::string& url : transport.urls) out.push_back(id_list(url));
    return out;
  }
};

}  // namespace

TEST_CASE("ArxivFetcher answers in the order asked, whatever arXiv's order is") {
  World world;
  world.transport.answers(200, feed({"2101.00003v1", "2101.00001v4", "hep-th/9901001v2"}));
  const FetchResult result =
      world.fetcher.fetch(ids({"hep-th/9901001", "2101.00001", "2101.00003", "2101.00001"}));
  CHECK(names(result.records) == Names{"hep-th/9901001v2", "2101.00001v4", "2101.00003v1", "2101.00001v4"});
  CHECK(result.not_found.empty());
  CHECK(result.failures.empty());
  CHECK(world.asked() == Names{"hep-th/9901001,2101.00001,2101.00003"});  // once each
  CHECK(world.kept == Names{"2101.00003v1", "2101.00001v4", "hep-th/9901001v2"});

  const Record& record = result.records[0];
  CHECK(record.published == bibsmith::Date{2021, 1, 1});
  CHECK(record.updated == bibsmith::Date{2021, 2, 3});
  CHECK(record.origins ==
        std::vector<bibsmith::Origin>{{.source = "arxiv-atom",
                                       .url = "https://export.arxiv.org/api/query?id_list=hep-th/9901001v2",
                                       .retrieved = world.clock.calendar()}});
}

TEST_CASE("ArxivFetcher tells a version from the current one") {
  World world;
  SECTION("both come") {
    world.transport.answers(200, feed({"2101.00001v1", "2101.00001v3"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001", "2101.00001v1"}));
    CHECK(names(result.records) == Names{"2101.00001v3", "2101.00001v1"});
  }
  SECTION("one comes for both: the answer does not say whether it is current") {
    world.transport.answers(200, feed({"2101.00001v1"})).answers(200, feed({"2101.00001v2"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001", "2101.00001v1"}));
    CHECK(names(result.records) == Names{"2101.00001v2", "2101.00001v1"});
    CHECK(world.asked() == Names{"2101.00001,2101.00001v1", "2101.00001"});
  }
  SECTION("another version is no answer") {
    world.transport.answers(200, feed({"2101.00001v3"})).answers(200, feed({"2101.00001v3"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001v9"}));
    CHECK(names(result.not_found) == Names{"2101.00001v9"});
  }
}

TEST_CASE("ArxivFetcher asks again before it says not found") {
  World world;
  SECTION("a short answer") {
    world.transport.answers(200, feed({"2101.00001v1"})).answers(200, feed({"2101.00003v1"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001", "2101.00002", "2101.00003"}));
    CHECK(names(result.records) == Names{"2101.00001v1", "2101.00003v1"});
    CHECK(names(result.not_found) == Names{"2101.00002"});
    CHECK(world.asked() == Names{"2101.00001,2101.00002,2101.00003", "2101.00002,2101.00003"});
  }
  SECTION("zero entries, then good") {
    world.transport.answers(200, feed({})).answers(200, feed({"2101.00001v1"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001"}));
    CHECK(names(result.records) == Names{"2101.00001v1"});
  }
  SECTION("zero entries twice") {
    world.transport.answers(200, feed({})).answers(200, feed({}));
    const auto result = world.fetcher.fetch(ids({"2101.00001"}));
    CHECK(names(result.not_found) == Names{"2101.00001"});
    CHECK(world.transport.urls.size() == 2);
  }
  SECTION("answers with other papers are no \"not found\"") {
    world.transport.answers(200, feed({"1001.0001v1"})).answers(200, feed({"1001.0001v1"}));
    const auto result = world.fetcher.fetch(ids({"2101.00001"}));
    CHECK(result.not_found.empty());
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].error.code == FetchError::Code::bad_response);
    CHECK(result.failures[0].error.message ==
          "export.arxiv.org answered with papers that were not asked for");
  }
  SECTION("unless the second answer is sound") {
    world.transport.answers(200, feed({"1001.0001v1"})).answers(200, feed({}));
    CHECK(names(world.fetcher.fetch(ids({"2101.00001"})).not_found) == Names{"2101.00001"});
  }
  SECTION("a failure of the second request is no \"not found\"") {
    world.transport.answers(200, feed({})).fails(FetchError::Code::timed_out);
    const auto result = world.fetcher.fetch(ids({"2101.00001"}));
    CHECK(result.not_found.empty());
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].error.code == FetchError::Code::timed_out);
  }
}

TEST_CASE("ArxivFetcher drops the one id that arXiv calls bad") {
  World world;
  world.transport.answers(400, atom_error(std::string(errors) + "#x", "incorrect id format for 2101.00002"))
      .answers(200, feed({"2101.00001v1", "2101.00003v1"}));
  const auto result = world.fetcher.fetch(ids({"2101.00001", "2101.00002", "2101.00003"}));
  CHECK(names(result.records) == Names{"2101.00001v1", "2101.00003v1"});
  REQUIRE(names(result.failures) == Names{"2101.00002"});
  const FetchError& error = result.failures[0].error;
  CHECK(error.code == FetchError::Code::rejected);
  CHECK(error.message == "arXiv rejected the request: incorrect id format for 2101.00002");
  CHECK(error.http_status == 400);
  CHECK(error.url == "https://export.arxiv.org/api/query?id_list=2101.00002");
  CHECK(world.asked().back() == "2101.00001,2101.00003");
}

TEST_CASE("ArxivFetcher halves a batch when arXiv does not say what is wrong with it") {
  World world;
  std::vector<std::string> texts;
  for (int i = 101; i < 201; ++i) texts.push_back("2101.00" + std::to_string(i));
  const std::string bad = "2101.00150";
  world.transport.otherwise = [&](const HttpRequest& request) -> ScriptedTransport::Answer {
    const Names asked = split(id_list(request.url));
    if (std::ranges::find(asked, bad) != asked.end()) {
      return HttpResponse{.status = 400, .body = atom_error(errors, "something is wrong")};
    }
    Names versions;
    for (const std::string& id : asked) versions.push_back(id + "v1");
    return HttpResponse{.status = 200, .body = feed(versions)};
  };
  const auto result = world.fetcher.fetch(ids(texts));
  CHECK(result.records.size() == 99);
  CHECK(names(result.failures) == Names{bad});
  CHECK(world.transport.urls.size() <= 15);  // 1 + 2 log2(100)

  SECTION("and stops when everything is wrong") {
    world.transport.urls.clear();
    world.transport.otherwise = [&](const HttpRequest&) -> ScriptedTransport::Answer {
      return HttpResponse{.status = 400, .body = atom_error(errors, "no")};
    };
    const auto all_bad = world.fetcher.fetch(ids(texts));
    CHECK(all_bad.failures.size() == 100);
    CHECK(world.transport.urls.size() == 41);
  }
  SECTION("also when a URL is too long") {
    world.transport.urls.clear();
    world.transport.otherwise = [&](const HttpRequest& request) -> ScriptedTransport::Answer {
      const Names asked = split(id_list(request.url));
      if (asked.size() > 30) return HttpResponse{.status = 414, .body = "<html>too long</html>"};
      Names versions;
      for (const std::string& id : asked) versions.push_back(id + "v1");
      return HttpResponse{.status = 200, .body = feed(versions)};
    };
    CHECK(world.fetcher.fetch(ids(texts)).records.size() == 100);
    CHECK(world.transport.urls.size() == 7);
  }
}

TEST_CASE("ArxivFetcher reports why it could not ask") {
  World world;
  std::vector<std::string> texts;
  for (int i = 10000; i < 12500; ++i) texts.push_back("2101." + std::to_string(i));
  const auto four_batches = ids(texts);
  SECTION("what concerns all ends it") {
    world.transport.fails(FetchError::Code::rate_limited);
    const auto result = world.fetcher.fetch(four_batches);
    CHECK(result.failures.size() == 2500);
    CHECK(result.failures.back().error.code == FetchError::Code::rate_limited);
    CHECK(result.failures.back().error.url == "https://export.arxiv.org/api/query?id_list=2101.12499");
    CHECK(world.transport.urls.size() == 1);
  }
  SECTION("what concerns a batch does not, until it happens three times in a row") {
    world.transport.fails(FetchError::Code::timed_out)
        .answers(200, "<html>maintenance</html>")
        .answers(500, atom_error(errors, "oops"));
    const auto result = world.fetcher.fetch(four_batches);
    CHECK(result.failures.size() == 2500);
    CHECK(world.transport.urls.size() == 3);
    CHECK(result.failures[0].error.code == FetchError::Code::timed_out);
    CHECK(result.failures[700].error.message ==
          "export.arxiv.org: the answer is a web page, not an Atom feed");
    CHECK(result.failures[2499].error.message == "export.arxiv.org answered HTTP 500: oops");
  }
  SECTION("the words of a server under load") {
    world.transport.answers(200, "Rate exceeded.");
    const auto result = world.fetcher.fetch(four_batches);
    CHECK(result.failures[0].error.code == FetchError::Code::rate_limited);
    CHECK(world.transport.urls.size() == 1);
  }
  SECTION("an empty body") {
    world.transport.answers(200, "");
    const auto result = world.fetcher.fetch(ids({"2101.00001"}));
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].error.message == "export.arxiv.org: the answer is empty");
  }
}

TEST_CASE("ArxivFetcher stops when asked, and counts all the way") {
  World world;
  std::vector<std::string> texts;
  for (int i = 10000; i < 12000; ++i) texts.push_back("2101." + std::to_string(i));
  std::stop_source stop;
  world.transport.otherwise = [&](const HttpRequest& request) -> ScriptedTransport::Answer {
    Names versions;
    for (const std::string& id : split(id_list(request.url))) versions.push_back(id + "v1");
    return HttpResponse{.status = 200, .body = feed(versions)};
  };
  std::vector<std::size_t> done;
  const auto result =
      world.fetcher.fetch(ids(texts), stop.get_token(), [&](std::size_t count, std::size_t total) {
        CHECK(total == 2000);
        done.push_back(count);
        if (done.size() == 2) stop.request_stop();
      });
  CHECK(world.transport.urls.size() == 2);
  CHECK(std::ranges::is_sorted(done));
  CHECK(done.back() == 2000);
  CHECK(result.records.size() == done[1]);
  CHECK(result.failures.size() == 2000 - done[1]);
  CHECK(result.failures.back().error.code == FetchError::Code::cancelled);
}

TEST_CASE("ArxivFetcher asks once for an id of which two requests could tell") {
  World world;
  std::vector<std::string> texts;
  for (int i = 10000; i < 10700; ++i) texts.push_back("2101." + std::to_string(i));
  texts.insert(texts.begin() + 10, texts[3]);  // in the first URL, which holds 676
  texts.push_back(texts[0]);                   // behind it, when it is answered
  texts.push_back("2101.99999");               // arXiv has no such paper
  texts.push_back("2101.99999");
  world.transport.otherwise = [&](const HttpRequest& request) -> ScriptedTransport::Answer {
    Names versions;
    for (const std::string& id : split(id_list(request.url))) {
      if (id != "2101.99999") versions.push_back(id + "v1");
    }
    return HttpResponse{.status = 200, .body = feed(versions)};
  };
  std::vector<std::size_t> done;
  const auto result = world.fetcher.fetch(ids(texts), {}, [&](std::size_t count, std::size_t total) {
    CHECK(total == 704);
    done.push_back(count);
  });
  REQUIRE(result.records.size() == 702);
  CHECK(result.records[10].arxiv_id->str() == "2101.10003v1");
  CHECK(result.records[701].arxiv_id->str() == "2101.10000v1");
  CHECK(names(result.not_found) == Names{"2101.99999", "2101.99999"});
  REQUIRE(world.asked().size() == 3);
  CHECK(split(world.asked()[0]).size() == 676);
  CHECK(split(world.asked()[1]).size() == 25);
  CHECK(world.asked()[2] == "2101.99999");  // before it is called missing
  CHECK(done == std::vector<std::size_t>{677, 702, 702, 704});
}

TEST_CASE("ArxivFetcher asks nothing for no ids") {
  World world;
  const auto result = world.fetcher.fetch({});
  CHECK(result.records.empty());
  CHECK(world.transport.urls.empty());
}

namespace {

const SearchQuery testing_query = *SearchQuery::words(SearchField::all, "testing");

// A page of results `first`.., as arXiv numbers them, of `total`.
std::string page(int first, int count, std::size_t total) {
  std::string entries;
  for (int i = first; i < first + count; ++i) {
    std::string number = std::to_string(i + 1);
    entries += atom_entry("2101." + number.insert(0, 5 - number.size(), '0') + "v1");
  }
  return atom_feed(entries, total, static_cast<std::size_t>(first));
}

}  // namespace

TEST_CASE("search pages until all is there") {
  World world;
  world.transport.answers(200, page(0, 2, 5)).answers(200, page(2, 2, 5)).answers(200, page(4, 1, 5));
  const auto result = world.fetcher.search(testing_query, {.results_max = 100, .page_size = 2});
  CHECK(names(result.records) ==
        Names{"2101.00001v1", "2101.00002v1", "2101.00003v1", "2101.00004v1", "2101.00005v1"});
  CHECK(result.total_results == 5);
  CHECK_FALSE(result.error);
  CHECK(world.transport.urls.at(1) ==
        "https://export.arxiv.org/api/query?search_query=all%3Atesting&start=2&max_results=2&sortBy=relevance"
        "&sortOrder=descending");
  CHECK(world.kept.size() == 5);
  CHECK(result.records[0].origins[0].url == world.transport.urls[0]);
}

TEST_CASE("search takes no more than it was asked for") {
  World world;
  world.transport.answers(200, page(10, 2, 500)).answers(200, page(12, 1, 500));
  const auto result = world.fetcher.search(testing_query, {.start = 10, .results_max = 3, .page_size = 2});
  CHECK(result.records.size() == 3);
  CHECK_FALSE(result.error);
  CHECK(world.transport.urls.at(1).find("&start=12&max_results=1&") != std::string::npos);
}

TEST_CASE("search asks again for pages that are short or empty") {
  World world;
  SECTION("a later page was empty once") {
    world.transport.answers(200, page(0, 2, 3)).answers(200, page(0, 0, 3)).answers(200, page(2, 1, 3));
    const auto result = world.fetcher.search(testing_query, {.page_size = 2});
    CHECK(result.records.size() == 3);
    CHECK_FALSE(result.error);
  }
  SECTION("a later page stays empty") {
    world.transport.answers(200, page(0, 2, 9)).answers(200, page(0, 0, 9)).answers(200, page(0, 0, 0));
    const auto result = world.fetcher.search(testing_query, {.page_size = 2});
    CHECK(result.records.size() == 2);
    REQUIRE(result.error);
    CHECK(result.error->code == FetchError::Code::bad_response);
    CHECK(result.error->message == "arXiv left results 2 and on empty, of 9");
  }
  SECTION("the first page was empty once") {
    world.transport.answers(200, page(0, 0, 0)).answers(200, page(0, 1, 1));
    CHECK(world.fetcher.search(testing_query, {}).records.size() == 1);
  }
  SECTION("there is nothing") {
    world.transport.answers(200, page(0, 0, 0)).answers(200, page(0, 0, 0));
    const auto result = world.fetcher.search(testing_query, {});
    CHECK(result.records.empty());
    CHECK_FALSE(result.error);
    CHECK(world.transport.urls.size() == 2);
  }
  SECTION("a page stays short: the next is not missed") {
    world.transport.answers(200, page(0, 1, 4)).answers(200, page(0, 1, 4)).answers(200, page(2, 2, 4));
    const auto result = world.fetcher.search(testing_query, {.page_size = 2});
    CHECK(names(result.records) == Names{"2101.00001v1", "2101.00003v1", "2101.00004v1"});
  }
  SECTION("papers that shift to the next page come once") {
    world.transport.answers(200, page(0, 2, 4)).answers(200, page(1, 2, 4));
    CHECK(world.fetcher.search(testing_query, {.page_size = 2}).records.size() == 3);
  }
}

TEST_CASE("search never looks beyond arXiv's window") {
  World world;
  const auto beyond = world.fetcher.search(testing_query, {.start = 10000});
  CHECK(world.transport.urls.empty());
  REQUIRE(beyond.error);
  CHECK(beyond.error->code == FetchError::Code::rejected);
  CHECK(beyond.error->message == "arXiv shows no more than 10000 results of a search; narrow it by date");

  world.transport.answers(200, page(9990, 10, 12000));
  const auto edge = world.fetcher.search(testing_query, {.start = 9990});
  CHECK(edge.records.size() == 10);
  CHECK(edge.error);
  CHECK(world.transport.urls.at(0).find("&start=9990&max_results=10&") != std::string::npos);

  CHECK(world.fetcher.search(testing_query, {.results_max = 0}).records.empty());
  world.transport.answers(200, page(0, 1, 1));
  CHECK(world.fetcher.search(testing_query, {.results_max = 4294967295u, .page_size = 4294967295u})
            .records.size() == 1);
  CHECK(world.transport.urls.at(1).find("&max_results=2000&") != std::string::npos);
}

TEST_CASE("search reports what stopped it and keeps what it has") {
  World world;
  SECTION("a rejection") {
    world.transport.answers(400, atom_error(errors, "Invalid query string: '('"));
    const auto result = world.fetcher.search(testing_query, {});
    REQUIRE(result.error);
    CHECK(result.error->code == FetchError::Code::rejected);
    CHECK(result.error->message == "arXiv rejected the search: Invalid query string: '('");
  }
  SECTION("a broken connection") {
    world.transport.answers(200, page(0, 2, 9)).fails(FetchError::Code::unreachable);
    const auto result = world.fetcher.search(testing_query, {.page_size = 2});
    CHECK(result.records.size() == 2);
    CHECK(result.error->code == FetchError::Code::unreachable);
  }
  SECTION("a query that no URL holds") {
    SearchQuery query = testing_query;
    for (int i = 0; i < 10; ++i) {
      query = SearchQuery::both(query, *SearchQuery::words(SearchField::all, std::string(900, 'x')));
    }
    const auto result = world.fetcher.search(query, {});
    CHECK(result.error->message == "the search is longer than arXiv takes; use fewer words");
  }
}

TEST_CASE("ArxivFetcher reads the page of an author, or that there is none") {
  World world;
  std::string page = feed({"2101.00003v1", "hep-th/9901001v2"});
  page.replace(page.find("arXiv Query"), 11, "Jason D. Lee's articles on arXiv");
  world.transport.answers(200, page).answers(400, "<h1>Author not found</h1>").answers(503, "");
  const auto found = world.fetcher.author_feed("lee_j_1", {});
  REQUIRE(found);
  CHECK(found->exists);
  CHECK(found->name == "Jason D. Lee");
  CHECK(names(found->ids) == Names{"2101.00003", "hep-th/9901001"});
  const auto none = world.fetcher.author_feed("lee_j_2", {});
  REQUIRE(none);
  CHECK_FALSE(none->exists);
  const auto refused = world.fetcher.author_feed("lee_j_1", {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == FetchError::Code::rate_limited);
  CHECK(world.transport.urls.front() == "https://arxiv.org/a/lee_j_1.atom");
  CHECK(author_feed_url("http://127.0.0.1:1/api/query", "x") == "http://127.0.0.1:1/a/x.atom");
}
