#include <algorithm>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::PostgresServer;
using bibsmith::testing::read_file;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
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
  const auto server = PostgresServer::start();
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

TEST_CASE("sync and library, as people run them") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  server->add_user("anna");
  CliProgram owner;
  CliProgram anna;
  const std::string url = server->new_database();
  owner.environment()["BIBSMITH_STORE"] = url;
  anna.environment()["BIBSMITH_STORE"] = std::string(url).replace(url.find("user=postgres"), 13, "user=anna");
  REQUIRE(owner.run({"library", "create", "group"}).status == 0);
  CHECK(owner.run({"library", "create", "group"}).err == "bibsmith: a library group is there already\n");
  CHECK(anna.run({"library", "list"}).out.empty());
  CHECK(anna.run({"library", "members", "group"}).err ==
        "bibsmith: there is no library group that you may read\n");
  REQUIRE(owner.run({"library", "grant", "group", "anna", "writer"}).status == 0);
  CHECK(anna.run({"library", "list"}).out == "group\twriter\n");
  CHECK(anna.run({"library", "members", "group"}).out == "anna\twriter\npostgres\towner\n");

  const std::string refs = owner.path("refs.bib");
  write_file(refs, "@misc{a, year = {2001}, note = {mine}}\n");
  const Run first = owner.run({"sync", refs, "--library", "group"});
  CHECK(first.status == 0);
  CHECK(first.err == "bibsmith: " + refs +
                         ": 0 added, 0 changed, 0 removed\n"
                         "bibsmith: library group: 1 added, 0 changed, 0 removed\n");
  const std::string hers = anna.path("hers.bib");
  write_file(hers, "@misc{a, year = {2001}, note = {hers}}\n");
  const Run conflict = anna.run({"sync", hers, "--library", "group"});
  CHECK(conflict.status == 1);
  CHECK(conflict.out == "a: note\n  -{hers}\n  +{mine}\n");
  CHECK(anna.run({"sync", hers, "--library", "group", "--diff", "--keep-library", "a"})
            .out.find("+@misc{a, year = {2001}, note = {mine}}") != std::string::npos);
  CHECK(anna.run({"sync", hers, "--library", "group", "--keep-file", "x,a"}).status == 0);
  const json answer = json::parse(owner.run({"sync", refs, "--library", "group", "--json"}).out);
  CHECK(answer["role"] == "owner");
  CHECK(answer["in_file"]["changed"] == json::array({"a"}));
  CHECK(read_file(refs) == "@misc{a, year = {2001}, note = {hers}}\n");
  const json history = json::parse(owner.run({"library", "history", "group", "--json"}).out);
  REQUIRE(history["changes"].size() == 2);
  CHECK(history["changes"][0]["person"] == "anna");
  CHECK(owner.run({"library", "history", "group", "--max", "1"}).out.ends_with("\tanna\tchanged\t@misc{a\n"));
  CHECK(owner.run({"library", "history", "group", "--person", "nobody"}).out.empty());
  const std::string last = std::to_string(history["changes"][0]["revision"].get<int>());
  const Run planned = owner.run({"library", "undo", "group", last, "--dry-run"});
  CHECK(planned.err == "bibsmith: library group: 0 added, 1 changed, 0 removed\n");
  const json undone = json::parse(owner.run({"library", "undo", "group", last, "--json"}).out);
  CHECK(undone["person"] == "anna");
  CHECK(undone["in_library"]["changed"] == json::array({"a"}));
  CHECK(owner.run({"library", "history", "group", "--max", "1"})
            .out.ends_with("\tpostgres\tchanged\t@misc{a\n"));
  CHECK(owner.run({"library", "undo", "group", "99"}).err ==
        "bibsmith: the library group has no change 99\n");
  const Run both = owner.run({"sync", refs, "--library", "group", "--follow", "--diff"});
  CHECK(both.status == 2);
  CHECK(both.err == "bibsmith: --diff excludes --follow (see bibsmith sync --help)\n");
  CHECK(owner.run({"sync", refs, "--library", "none", "--follow"}).err ==
        "bibsmith: there is no library none that you may read\n");
  REQUIRE(owner.run({"library", "revoke", "group", "anna"}).status == 0);
  CHECK(anna.run({"sync", hers, "--library", "group"}).status == 4);

  CliProgram alone;
  CHECK(alone.run({"sync", refs, "--library", "group"}).err ==
        "bibsmith: libraries are shared in PostgreSQL: name the group's store with --store "
        "postgresql://HOST/DATABASE\n");
  CHECK(owner.run({"--offline", "library", "list"}).err ==
        "bibsmith: a shared library is in a store, and offline mode forbids to ask it\n");
}
