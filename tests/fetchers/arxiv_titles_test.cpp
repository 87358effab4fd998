#include "fetchers/arxiv/arxiv_titles.hpp"

#include <string>
#include <vector>

#include "tests/support/atom_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::atom_feed;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

std::string entry(const std::string& id, const std::string& title) {
  return "<entry><id>http://arxiv.org/abs/" + id + "</id><title>" + title +
         "</title><updated>2021-02-03T00:00:00Z</updated><published>2021-01-01T00:00:00Z</published></entry>";
}

struct World {
  ScriptedTransport transport;
  FakeClock clock;
  std::vector<std::string> kept;
  ArxivTitles titles{
      transport, clock,
      [this](const TitleQuery& query, std::string_view body, const Origin& from) {
        const auto read = read_arxiv_titles(body, from);
        kept.push_back(query.title + ':' + (read ? std::to_string(read->size()) : "unreadable"));
      },
      "https://arxiv.example/query"};

  // "id id|" of what came for each title, "!code|" for could not ask.
  std::string find(const std::vector<std::string>& texts) {
    std::vector<TitleQuery> queries;
    for (const std::string& text : texts) queries.push_back({text, {}});
    std::string out;
    for (const TitleAnswer& answer : titles.find(queries)) {
      if (!answer) out += '!' + std::string(name_of(answer.error().code));
      if (answer) {
        for (const Record& record : *answer) out += record.arxiv_id->str() + ' ';
      }
      out += '|';
    }
    return out;
  }
};

}  // namespace

TEST_CASE("several titles travel in one request, and each gets the papers that have its words") {
  World world;
  world.transport.answers(200, atom_feed(entry("2101.00002v1", "Locks and their Keys") +
                                             entry("2101.00001v1", "On the Theory of Bolts"),
                                         2));
  CHECK(world.find({"On the theory of bolts: a survey", "Locks & Keys", "Entirely elsewhere", "$$"}) ==
        "2101.00001v1 |2101.00002v1 |||");
  REQUIRE(world.transport.urls.size() == 1);
  CHECK(
      world.transport.urls[0] ==
      "https://arxiv.example/query?search_query=ti%3A%22on+the+theory+of+bolts+a+survey%22+OR+ti%3A%22locks+"
      "keys%22+OR+ti%3A%22entirely+elsewhere%22&start=0&max_results=50&sortBy=relevance&sortOrder="
      "descending");
  CHECK(world.kept == std::vector<std::string>{"On the theory of bolts: a survey:1", "Locks & Keys:1",
                                               "Entirely elsewhere:0"});
}

TEST_CASE("titles beyond a request go on in the next, and one that fails is the failure of its titles") {
  World world;
  std::vector<std::string> texts;
  for (int i = 0; i < 30; ++i) texts.push_back("Title number " + std::to_string(i));
  world.transport.answers(200, atom_feed("", 0)).answers(429, "Rate exceeded.");
  const std::string answers = world.find(texts);
  CHECK(world.transport.urls.size() == 2);
  CHECK(answers.substr(0, 25) == std::string(25, '|'));
  CHECK(answers.substr(25) == "!rate_limited|!rate_limited|!rate_limited|!rate_limited|!rate_limited|");
  CHECK(world.kept.size() == 25);

  texts.assign(10, std::string(900, 'x'));
  world.transport.urls.clear();
  world.transport.otherwise = [](const HttpRequest&) -> ScriptedTransport::Answer {
    return HttpResponse{.status = 200, .body = atom_feed("", 0)};
  };
  CHECK(world.find(texts) == std::string(10, '|'));
  for (const std::string& url : world.transport.urls) CHECK(url.size() <= url_bytes_max);
  CHECK(world.transport.urls.size() == 2);
}

TEST_CASE("arXiv rejects a search for titles") {
  World world;
  world.transport.answers(400,
                          bibsmith::testing::atom_error("https://arxiv.org/api/errors#x", "no such field"));
  CHECK(world.find({"On Keys"}) == "!rejected|");
}
