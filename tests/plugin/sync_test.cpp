// A file and a library of a real server.

#include "plugin/session/sync.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "plugin/session/undo.hpp"
#include "tests/plugin/sync_people.hpp"

using namespace bibsmith::plugin;
using bibsmith::fetchers::LibraryError;
using bibsmith::fetchers::PostgresConnection;
using bibsmith::testing::as_user;
using bibsmith::testing::Group;
using bibsmith::testing::opened;
using bibsmith::testing::Person;
using bibsmith::testing::PostgresServer;

TEST_CASE("what one person writes comes to the other, and no other byte of a file changes") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write(
      "% Anna's\n@ARTICLE(smith2020,\n   Title=\"Deep   {L}earning\",\n   year = 2020)\n\n% the "
      "end\n");
  const std::string before = anna.text();
  const SyncAnswer first = anna.sync();
  CHECK(first.library.added == std::vector<std::string>{"smith2020"});
  CHECK_FALSE(first.changed_file);
  CHECK(anna.text() == before);

  const SyncAnswer second = ben.sync();
  CHECK(second.file.added == std::vector<std::string>{"smith2020"});
  CHECK(ben.text() ==
        "@article{smith2020,\n  title         = {Deep {L}earning},\n  year          = {2020},\n}\n");
  ben.edit("2020}", "2021}");
  ben.edit("year", "doi = {10.1/x},\n  year");
  ben.write(ben.text() + "@misc{jones, note = {new}}\n");
  CHECK(ben.sync().library.changed == std::vector<std::string>{"smith2020"});

  anna.edit("Deep", "Very Deep");
  const SyncAnswer third = anna.sync();
  CHECK(third.conflicts.empty());
  CHECK(third.file.changed == std::vector<std::string>{"smith2020"});
  CHECK(third.library.changed == std::vector<std::string>{"smith2020"});
  CHECK(anna.text().starts_with(
      "% Anna's\n@ARTICLE(smith2020,\n   Title=\"Very Deep   {L}earning\",\n   year = "));
  CHECK(anna.text().find("2021") != std::string::npos);
  CHECK(anna.text().find("10.1/x") != std::string::npos);
  CHECK(anna.text().find("{jones,") != std::string::npos);
  CHECK(anna.text().find("% the end") != std::string::npos);

  ben.sync();
  CHECK(ben.text().find("Very Deep {L}earning") != std::string::npos);
  for (Person* one : {&anna, &ben}) {
    const std::string settled = one->text();
    const SyncAnswer quiet = one->sync();
    CHECK_FALSE((quiet.changed_file || quiet.changed_library));
    CHECK(one->text() == settled);
  }
}

TEST_CASE("what two people changed to different values is left to them, and told until it is settled") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write("@misc{a, year = {2001}, note = {old}}\n");
  anna.sync();
  ben.sync();
  anna.edit("old", "Anna's");
  ben.edit("old", "Ben's");
  ben.edit("2001", "2002");
  ben.sync();
  for (int i = 0; i < 2; ++i) {
    const SyncAnswer answer = anna.sync();
    REQUIRE(answer.conflicts.size() == 1);
    CHECK(answer.conflicts[0].key == "a");
    CHECK(answer.conflicts[0].parts ==
          std::vector{bibsmith::bibtex::PartConflict{"note", "{old}", "{Anna's}", "{Ben's}"}});
    CHECK(anna.text() == "@misc{a, year = {2002}, note = {Anna's}}\n");
  }
  SyncRequest keep = anna.request();
  keep.keep_file = {"a"};
  CHECK(anna.sync(keep).conflicts.empty());
  CHECK(anna.sync().conflicts.empty());
  CHECK(ben.sync().changed_file);
  CHECK(ben.text().find("Anna's") != std::string::npos);
}

TEST_CASE("entries go and come back; an undo is a change like any other") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write("@misc{a, year = {2001}}\n@misc{b, year = {2001}}\n");
  anna.sync();
  ben.sync();
  anna.write("@misc{a, year = {2001}}\n");
  CHECK(anna.sync().library.removed == std::vector<std::string>{"b"});
  CHECK(ben.sync().file.removed == std::vector<std::string>{"b"});
  CHECK(ben.text().find("@misc{b") == std::string::npos);
  REQUIRE(undo(ben.path, ben.place.context(), false));
  CHECK(ben.sync().library.added == std::vector<std::string>{"b"});
  CHECK(anna.sync().file.added == std::vector<std::string>{"b"});
  // A key that changed is the same entry.
  anna.edit("@misc{a", "@misc{alpha");
  anna.sync();
  CHECK(ben.sync().file.changed == std::vector<std::string>{"alpha"});
  CHECK(ben.text().find("@misc{a,") == std::string::npos);

  const auto history = opened(group.url).history("group", {});
  REQUIRE(history);
  CHECK(history->size() == 5);
  CHECK(history->front().person == "postgres");
  CHECK(history->front().new_text == "@misc{alpha,\n  year = {2001},\n}\n");
}

TEST_CASE("a file that lost most of its entries takes none from the library without a word") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  anna.write("@misc{a}\n@misc{b}\n");
  anna.sync();
  anna.write("% nothing left\n");
  const auto refused = anna.try_sync(anna.request());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        anna.path +
            " lacks 2 of 2 entries of the library group; nothing is changed: --delete "
            "lets them go");
  std::filesystem::remove(anna.path);  // begins anew
  CHECK(anna.sync().file.added.size() == 2);
  anna.write("");
  SyncRequest request = anna.request();
  request.may_delete_most = true;
  CHECK(anna.sync(request).library.removed.size() == 2);
}

TEST_CASE("the database itself says who may read and who may change") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  for (const char* user : {"owner_", "writer_", "reader_", "stranger_"}) server->add_user(user);
  Group group(*server);
  REQUIRE(group.owner.set_role("group", "writer_", "writer"));
  REQUIRE(group.owner.set_role("group", "reader_", "reader"));
  Person writer(as_user(group.url, "writer_"));
  Person reader(as_user(group.url, "reader_"));
  Person stranger(as_user(group.url, "stranger_"));
  writer.write("@misc{a, year = {2001}}\n");
  writer.sync();
  CHECK(reader.sync().role == "reader");
  reader.edit("2001", "1999");
  const SyncAnswer kept_back = reader.sync();
  CHECK_FALSE(kept_back.changed_library);
  CHECK(kept_back.problems ==
        std::vector<std::string>{"a reader changes nothing in the library group: 1 changed "
                                 "entries stay in the file alone"});
  CHECK(reader.text().find("1999") != std::string::npos);
  CHECK(stranger.try_sync(stranger.request()).error().message ==
        "there is no library group that you may read");
  CHECK(reader.library.change("group", {{1, 1, "a", std::nullopt}}).error().code ==
        LibraryError::Code::forbidden);
  CHECK(writer.library.set_role("group", "stranger_", "reader").error().code ==
        LibraryError::Code::forbidden);
  CHECK(group.owner.set_role("group", "postgres", "reader")
            .error()
            .message.ends_with("forbids it (a library keeps one owner at least)"));

  // With SQL of their own they can do no more.
  auto sql = PostgresConnection::open({.url = as_user(group.url, "writer_")});
  REQUIRE(sql);
  for (const char* statement :
       {"UPDATE bibsmith.entries SET text = 'x'", "DELETE FROM bibsmith.changes",
        "INSERT INTO bibsmith.members VALUES ('group', 'stranger_', 'owner')",
        "UPDATE bibsmith.libraries SET revision = 0",
        "ALTER TABLE bibsmith.entries DISABLE ROW LEVEL SECURITY", "DROP FUNCTION bibsmith.role_in"}) {
    INFO(statement);
    CHECK(sql->run(statement).error().state == "42501");
  }
  auto other = PostgresConnection::open({.url = as_user(group.url, "stranger_")});
  for (const char* table : {"libraries", "members", "entries", "changes"}) {
    const auto rows = other->run(std::string("SELECT * FROM bibsmith.") + table);
    REQUIRE(rows);
    CHECK(rows->size() == 0);
  }
  const auto history = group.owner.history("group", {});
  CHECK(history->back().person == "writer_");
}

TEST_CASE(
    "a sync that ends between library and file is finished by the next, a lost server leaves the file") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write("@misc{a, year = {2001}}\n");
  anna.sync();
  ben.sync();
  ben.edit("2001", "2002");
  ben.sync();
  anna.write(anna.text() + "@misc{new, year = {2003}}\n");
  {
    ChangeContext context = anna.place.context();
    context.files.rename = [](const char*, const char*) {
      errno = EIO;
      return -1;
    };
    CHECK_FALSE(sync_file(anna.request(), anna.library, context));
  }
  CHECK(anna.text().find("2002") == std::string::npos);
  const SyncAnswer again = anna.sync();
  CHECK(again.conflicts.empty());
  CHECK(again.library.added.empty());  // it is there already
  CHECK(anna.text().find("2002") != std::string::npos);

  const std::string settled = anna.text();
  server->kill();
  const auto lost = anna.try_sync(anna.request());
  REQUIRE_FALSE(lost);
  CHECK(lost.error().message.find(" cannot be reached (") != std::string::npos);
  CHECK(anna.text() == settled);
}

TEST_CASE("who is killed behind the change of the file knows what came from the library") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write("@misc{a, year = {2001}}\n");
  anna.sync();
  ben.sync();
  namespace fs = std::filesystem;
  const std::string record = ben.place / "state/sync.sqlite";
  const std::string kept = ben.place / "kept.sqlite";
  // Syncs, and goes back to what was recorded when the file had been replaced.
  const auto killed_sync = [&] {
    ChangeContext context = ben.place.context();
    context.files.rename = [&](const char* from, const char* to) {
      const int done = std::rename(from, to);
      if (std::string(to) == ben.path) {
        for (const char* part : {"", "-wal"}) {
          std::error_code error;
          fs::copy_file(record + part, kept + part, fs::copy_options::overwrite_existing, error);
        }
      }
      return done;
    };
    REQUIRE(sync_file(ben.request(), ben.library, context));
    REQUIRE(fs::exists(kept));
    for (const char* part : {"", "-wal", "-shm"}) {
      std::error_code error;
      fs::remove(record + part, error);
      fs::rename(kept + part, record + part, error);
    }
  };
  anna.edit("2001", "2002");
  anna.write(anna.text() + "@misc{new, year = {2003}}\n");
  anna.sync();
  killed_sync();
  CHECK(ben.text().find("2002") != std::string::npos);
  anna.write("@misc{a, year = {2004}}\n");
  anna.sync();
  killed_sync();
  CHECK(ben.text().find("2004") != std::string::npos);
  anna.edit("2004", "2005");
  anna.sync();
  const SyncAnswer answer = ben.sync();
  CHECK(answer.conflicts.empty());
  CHECK_FALSE(answer.changed_library);
  CHECK(ben.text().find("2005") != std::string::npos);
  CHECK(ben.text().find("new") == std::string::npos);
}

TEST_CASE("an entry in the library that bibsmith did not write stops the sync") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  anna.write("@misc{a}\n");
  anna.sync();
  auto sql = PostgresConnection::open({.url = group.url});
  REQUIRE(sql->run("UPDATE bibsmith.entries SET text = '@misc{a,\n}\n@comment{}'"));
  CHECK(anna.try_sync(anna.request()).error().message ==
        "entry 1 of the library group was not written by bibsmith; nothing is changed");
}
