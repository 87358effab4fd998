#include <algorithm>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using nlohmann::json;

TEST_CASE("cache tells where it is and what it holds, and forgets") {
  CliProgram program;
  REQUIRE(program.run({"get", "1706.03762", "2411.99999"}).status == 1);
  CHECK(program.run({"cache", "path"}).out == program.path("cache/cache.sqlite") + "\n");
  const Run stats = program.run({"cache", "stats"});
  CHECK(stats.out.find("\n1 answers, 1 known to be missing, ") != stats.out.npos);
  CHECK(json::parse(program.run({"cache", "--json", "stats"}).out)["answers"] == 1);
  CHECK(program.run({"cache", "clear"}).status == 0);
  CHECK(json::parse(program.run({"--json", "cache", "stats"}).out)["answers"] == 0);
}

TEST_CASE("a cache moves to another machine") {
  CliProgram program;
  REQUIRE(program.run({"get", "1706.03762"}).status == 0);
  REQUIRE(program.run({"cache", "export", program.path("export.sqlite")}).status == 0);

  CliProgram other;
  CHECK(other.run({"cache", "import", program.path("export.sqlite")}).status == 0);
  CHECK(other.run({"--offline", "get", "1706.03762"}).status == 0);
  CHECK(other.arxiv().report().requests == 0);

  const Run again = program.run({"cache", "export", program.path("export.sqlite")});
  CHECK(again.status == 4);
  CHECK(again.err == "bibsmith: " + program.path("export.sqlite") + " exists already, name another file\n");
}

TEST_CASE("--store names another place, and only files and PostgreSQL are known") {
  CliProgram program;
  const std::string store = program.path("elsewhere.sqlite");
  REQUIRE(program.run({"--store", "sqlite:" + store, "get", "1706.03762"}).status == 0);
  CHECK(std::filesystem::exists(store));
  CHECK_FALSE(std::filesystem::exists(program.path("cache/cache.sqlite")));
  const Run other = program.run({"--store", "mysql://anna:secret@localhost/x", "cache", "stats"});
  CHECK(other.status == 4);
  CHECK(other.err ==
        "bibsmith: cannot use the store mysql://...: give the path of a SQLite file, or "
        "postgresql://HOST/DATABASE\n");
}

TEST_CASE("a store in PostgreSQL serves all machines of a group; without its server one goes on, told once") {
  const auto server = bibsmith::testing::PostgresServer::start();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  CliProgram anna;
  REQUIRE(anna.run({"--store", url, "get", "1706.03762", "2411.99999"}).status == 1);
  CHECK_FALSE(std::filesystem::exists(anna.path("cache/cache.sqlite")));
  const json stats = json::parse(anna.run({"--store", url, "--json", "cache", "stats"}).out);
  CHECK(stats["answers"] == 1);
  CHECK(stats["missing"] == 1);
  CHECK(stats["bytes_max"].is_null());

  CliProgram ben;
  ben.environment()["BIBSMITH_STORE"] = url;
  const Run found = ben.run({"get", "1706.03762"});
  CHECK(found.status == 0);
  CHECK(found.out.starts_with("@"));
  CHECK(ben.arxiv().report().requests == 0);

  server->kill();
  const Run alone = ben.run({"get", "1706.03762"});
  CHECK(alone.status == 0);
  CHECK(alone.out == found.out);
  CHECK(ben.arxiv().report().requests == 1);
  CHECK(alone.err.starts_with("bibsmith: the store postgresql://postgres@"));
  CHECK(alone.err.ends_with("; going on without it\n"));
  CHECK(std::ranges::count(alone.err, '\n') == 1);
}
