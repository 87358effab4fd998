#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using nlohmann::json;

TEST_CASE("search prints id, year, authors and title") {
  CliProgram program;
  const Run run = program.run({"search", "--title", "attention is all you need"});
  CHECK(run.status == 0);
  CHECK(
      run.out ==
      "1706.03762\t2017\tAshish Vaswani, Noam Shazeer, Niki Parmar and others\tAttention Is All You Need\n");
}

TEST_CASE("search combines its parts, so that all of them hold") {
  CliProgram program;
  CHECK(program.run({"search", "adam", "--author", "kingma"}).out.starts_with("1412.6980\t2014\t"));
  CHECK(program.run({"search", "adam", "--author", "vaswani"}).status == 1);
  CHECK(program.run({"search", "--author", "maldacena", "--from", "1997", "--to", "1997"})
            .out.starts_with("hep-th/9711200\t1997\t"));
  CHECK(program.run({"search", "--author", "maldacena", "--from", "2001"}).status == 1);
}

TEST_CASE("what a search found needs no second request") {
  CliProgram program;
  REQUIRE(program.run({"search", "--title", "attention is all you need"}).status == 0);
  REQUIRE(program.arxiv().report().requests == 1);
  CHECK(program.run({"get", "1706.03762"}).status == 0);
  CHECK(program.arxiv().report().requests == 1);
}

TEST_CASE("search --json") {
  CliProgram program;
  const json document =
      json::parse(program.run({"search", "--json", "--title", "adam", "--author", "kingma"}).out);
  CHECK(document["total"] == 1);
  CHECK(document["results"][0]["arxiv_id"] == "1412.6980");
  CHECK(document["error"].is_null());
}

TEST_CASE("a search for nothing, with impossible dates, or offline is refused with a reason") {
  CliProgram program;
  CHECK(program.run({"search"}).status == 2);
  CHECK(program.run({"search", "\"(): "}).status == 2);
  const Run dates = program.run({"search", "x", "--from", "2020", "--to", "2019"});
  CHECK(dates.status == 2);
  CHECK(dates.err == "bibsmith: dates are written YYYY, YYYY-MM or YYYY-MM-DD, the earlier one in --from\n");
  const Run offline = program.run({"--offline", "search", "x"});
  CHECK(offline.status == 3);
  CHECK(offline.err ==
        "bibsmith: could not ask arXiv: the local index is empty, and offline mode forbids to ask; see "
        "bibsmith "
        "cache import\n");
}
