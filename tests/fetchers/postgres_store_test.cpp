// What is of PostgreSQL alone: faults of the server, passwords, forms of the tables, capabilities.

#include "fetchers/cache/postgres_store.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "fetchers/cache/copy_stream.hpp"
#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/cache/postgres_pace.hpp"
#include "fetchers/cache/sqlite_store.hpp"
#include "fetchers/cache/write_behind_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/scoped_environment.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::PostgresServer;
using bibsmith::testing::ScopedEnvironment;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::sys_seconds never{};

Subject subject(int i) { return {"arxiv-atom", "1706." + std::to_string(10000 + i), 0}; }

std::vector<StoredAnswer> answers(int count) {
  std::vector<StoredAnswer> out;
  for (int i = 0; i < count; ++i) {
    StoredAnswer one;
    one.subject = subject(i);
    one.subject.version = 1;
    one.current = true;
    one.origin.source = "arxiv-atom";
    one.body = std::string(3000, 'b');
    out.push_back(std::move(one));
  }
  return out;
}

std::unique_ptr<PostgresStore> opened(const std::string& url, milliseconds silence = milliseconds(15000)) {
  auto store = PostgresStore::open({.url = url, .connect_max = milliseconds(2000), .silence_max = silence});
  INFO((store ? std::string{} : store.error().message));
  REQUIRE(store);
  return std::move(*store);
}

}  // namespace

TEST_CASE("an address is shown without its password") {
  CHECK(shown_address("postgresql://anna@db.example.org:5433/papers?sslmode=verify-full") ==
        "postgresql://anna@db.example.org:5433/papers");
  CHECK(shown_address("postgresql://anna:secret@db.example.org/papers") ==
        "postgresql://anna@db.example.org/papers");
  CHECK(shown_address("postgres://db/papers?user=anna&password=secret") == "postgres://anna@db/papers");
  CHECK(shown_address("postgresql:///?service=group") == "postgresql:///?service=group");
  CHECK(shown_address("postgresql://anna:sec%zzret@db/papers") == "postgresql://...");
  CHECK(shown_address("mysql://anna:secret@db/papers") == "mysql://...");
  CHECK(shown_address("answers.sqlite") == "answers.sqlite");
  CHECK(shown_message("no \"secret\"\x1b[31m here\nDETAIL", "postgresql://a:secret@db/x") ==
        "no \"***\" [31m here DETAIL");
}

TEST_CASE("a store that cannot be reached says which and why, and never a password") {
  const TempDir dir;
  const std::string nowhere = "postgresql://anna:secret@/papers?host=" + dir.path().string();
  const auto store = PostgresStore::open({.url = nowhere});
  REQUIRE_FALSE(store);
  CHECK(store.error().message.starts_with("the store postgresql://anna@" + dir.path().string() +
                                          "/papers cannot be reached (connection to server on socket"));
  CHECK(store.error().message.find("secret") == std::string::npos);

  const auto unread = PostgresStore::open({.url = "postgresql://anna:sec%zzret@db/papers"});
  REQUIRE_FALSE(unread);
  CHECK(unread.error().message ==
        "the store postgresql://... failed (no address: postgresql://USER@HOST/DATABASE is one)");
}

TEST_CASE("what an engine can do beyond the common SQL is told by one function") {
  const auto postgres =
      capabilities_of("PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64", " plpgsql pg_trgm ");
  CHECK(postgres.engine == PostgresCapabilities::Engine::postgres);
  CHECK(postgres.version == 15);
  CHECK(postgres.trigrams);
  CHECK((postgres.advisory_locks && postgres.notifications && postgres.row_security && postgres.partitions));
  const auto citus = capabilities_of("PostgreSQL 16.2 on x86_64", " plpgsql citus ");
  CHECK(citus.engine == PostgresCapabilities::Engine::citus);
  CHECK_FALSE(citus.trigrams);
  CHECK(citus.row_security);
  const auto yugabyte = capabilities_of("PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64", " plpgsql ");
  CHECK(yugabyte.engine == PostgresCapabilities::Engine::yugabyte);
  CHECK_FALSE(yugabyte.advisory_locks);
  CHECK(yugabyte.row_security);
  const auto cockroach = capabilities_of("CockroachDB CCL v23.2.4 (x86_64-pc-linux-gnu)", "  ");
  CHECK(cockroach.engine == PostgresCapabilities::Engine::cockroach);
  CHECK_FALSE((cockroach.advisory_locks || cockroach.notifications || cockroach.row_security));
  CHECK(capabilities_of("", "").version == 0);
}

TEST_CASE("a store of a newer form is left alone, one in no UTF-8 refused") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  opened(url);
  auto connection = PostgresConnection::open({.url = url});
  REQUIRE(connection->run("UPDATE bibsmith.formats SET version = 99"));
  const auto newer = PostgresStore::open({.url = url});
  REQUIRE_FALSE(newer);
  CHECK(newer.error().message == "the store " + shown_address(url) + " failed (written by a newer bibsmith)");

  REQUIRE(connection->run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"));
  const auto latin = PostgresStore::open({.url = server->url("latin")});
  REQUIRE_FALSE(latin);
  CHECK(latin.error().message.ends_with("failed (the database is not in UTF-8)"));
}

TEST_CASE("who may not make the tables is told so; who comes later needs no right to") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  server->add_user("guest");
  server->new_database();
  const std::string owner = server->new_database();
  const std::string database = owner.substr(owner.find("///") + 3, owner.find('?') - owner.find("///") - 3);
  const std::string guest = server->url(database, "guest");
  const auto refused = PostgresStore::open({.url = guest});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "the store " + shown_address(guest) +
                                       " forbids it (permission denied for database " + database + ")");
  opened(owner);
  CHECK(opened(guest)->keep(answers(3)));
}

TEST_CASE("several clients make the tables of a new store at once") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  std::atomic<int> ready = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      const auto store = PostgresStore::open({.url = url});
      ready += store && (*store)->keep(answers(50)) ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(ready == 8);
  CHECK(opened(url)->stats()->answers == 50);
}

TEST_CASE("a server that stops answering is an error within the limit, and at once from then on") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  const auto store = opened(url, milliseconds(1000));
  REQUIRE(store->keep(answers(10)));
  server->pause();
  const auto begin = std::chrono::steady_clock::now();
  const auto found = store->find(subject(1), never);
  REQUIRE_FALSE(found);
  CHECK(found.error().message == "the store " + shown_address(url) + " does not answer");
  CHECK_FALSE(store->keep(answers(500)));
  const auto second = PostgresStore::open({.url = url, .connect_max = milliseconds(300)});
  CHECK_FALSE(second);
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(store->find(subject(i), never));
  // A second for each of the thousand would be a quarter of an hour.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(100));
  server->resume();
  CHECK(opened(url)->find(subject(1), never).value());
}

TEST_CASE("a server that is killed is an error; one that was restarted is used on") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  const auto store = opened(url);
  const auto other = opened(url);
  REQUIRE(store->keep(answers(10)));
  server->restart();
  REQUIRE(store->find(subject(1), never).value());
  REQUIRE(other->keep(answers(20)));
  server->kill();
  const auto lost = store->find(subject(1), never);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().message.starts_with("the store " + shown_address(url) + " cannot be reached ("));
  CHECK_FALSE(other->import_from("/nonexistent"));
}

TEST_CASE("a server that dies in the middle of an operation keeps all of it or nothing") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  opened(url);
  for (const bool is_killed : {false, true}) {
    WriteBehindStore store(opened(url), {});
    std::thread client([&] {
      for (int i = 0; i < 100; ++i) {
        if (!store.keep(answers(200)) || !store.clear()) break;
      }
    });
    // The server is at work by the time that it has answered another client.
    opened(url);
    if (is_killed) {
      server->kill();
      client.join();
      server->restart();
    } else {
      server->restart();
      client.join();
    }
    const auto left = opened(url)->stats()->answers;
    CHECK((left == 0 || left == 200));
  }
}

TEST_CASE("one client of a store has the turn towards a source, and the next hears how long ago that was") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  auto one = std::make_unique<PostgresPace>(PostgresConnection::Options{.url = url});
  PostgresPace two({.url = url});
  const auto first = one->try_turn("arxiv");
  REQUIRE((first && *first));
  CHECK_FALSE((*first)->since_start);
  CHECK(two.try_turn("arxiv") == std::nullopt);
  REQUIRE(two.try_turn("crossref"));  // another source
  two.end_turn("crossref");
  using std::chrono::seconds;
  REQUIRE(one->write("arxiv", {.since_start = seconds(2), .cool_down_left = seconds(30), .refusals = 1}));
  one->end_turn("arxiv");

  const auto second = two.try_turn("arxiv");
  REQUIRE((second && *second));
  CHECK((*second)->since_start >= seconds(2));
  CHECK((*second)->since_start < seconds(20));
  CHECK((*second)->cool_down_left <= seconds(30));
  CHECK((*second)->cool_down_left > seconds(10));
  CHECK((*second)->refusals == 1);
  CHECK(one->try_turn("arxiv") == std::nullopt);
  two.end_turn("arxiv");

  REQUIRE(one->try_turn("arxiv").value());
  one.reset();  // as if its process had been killed: the server ends the turn of a connection that is gone
  bool is_free = false;
  for (int i = 0; i < 2000 && !is_free; ++i) is_free = two.try_turn("arxiv").value().has_value();
  CHECK(is_free);
}

TEST_CASE("a pace whose server is gone says so at once") {
  const TempDir dir;
  PostgresPace pace({.url = "postgresql:///papers?user=anna&host=" + dir.path().string()});
  for (int i = 0; i < 3; ++i) {
    const auto turn = pace.try_turn("arxiv");
    REQUIRE_FALSE(turn);
    CHECK(turn.error().starts_with("the store postgresql://anna@" + dir.path().string() +
                                   "/papers cannot be reached"));
  }
}

TEST_CASE("a file is imported into a store that holds nothing, and into one that holds some of it") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const TempDir dir;
  const std::string full = dir / "full.sqlite";
  const std::string torn = dir / "torn.sqlite";
  const auto source = opened(server->new_database());
  REQUIRE(source->keep(answers(700)));
  const Subject missing{"arxiv-atom", "none", 0};
  REQUIRE(source->keep_missing({&missing, 1}, std::chrono::sys_seconds(std::chrono::seconds(100))));
  REQUIRE(source->export_to(full));

  const auto store = opened(server->new_database());
  write_file(torn, "no database");
  CHECK_FALSE(store->import_from(torn));
  CHECK(store->stats()->answers == 0);
  for (int round = 0; round < 2; ++round) {
    REQUIRE(store->import_from(full));
    CHECK(store->stats()->answers == 700);
    CHECK(store->stats()->missing == 1);
  }
  const auto some = opened(server->new_database());
  REQUIRE(some->keep(answers(3)));
  REQUIRE(some->import_from(full));
  CHECK(some->stats()->answers == 700);
}

// cache_tests "[import-figures]"
TEST_CASE("import of 1,000,000 records against a bare COPY of the same rows", "[.][import-figures]") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  constexpr int records = 1'000'000;
  const TempDir dir;
  const std::string path = dir / "records.sqlite";
  std::vector<std::string> pieces;
  {
    const auto file = SqliteStore::open({.path = path, .bytes_max = ~std::uint64_t{0}, .warn = {}});
    REQUIRE(file);
    CopyStream stream;
    std::vector<StoredAnswer> some;
    for (int i = 0; i < records; ++i) {
      StoredAnswer one;
      one.subject = {"arxiv-atom", std::to_string(1000000 + i), 1};
      one.current = true;
      one.origin.source = "arxiv-atom";
      // Entries compress: so does this.
      for (int word = 0; word < 100; ++word)
        one.body += std::to_string((std::int64_t{i} * 7919 + word * 104729) % 99991) + ' ';
      stream.begin_row(7);
      stream.bytes(one.subject.source);
      stream.bytes(one.subject.name);
      stream.integer(1);
      stream.truth(true);
      stream.bigint(0);
      stream.bytes("");
      stream.bytes(one.body);
      some.push_back(std::move(one));
      if (stream.size() > (1 << 18)) pieces.push_back(stream.take());
      if (some.size() < 5000 && i + 1 < records) continue;
      REQUIRE((*file)->keep(some));
      some.clear();
    }
    stream.end();
    pieces.push_back(stream.take());
  }
  const auto seconds_of = [](const auto& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    const std::string bare_url = server->new_database();
    opened(bare_url);
    const double bare = seconds_of([&] {
      auto connection = PostgresConnection::open({.url = bare_url});
      REQUIRE(connection);
      std::size_t next = 0;
      REQUIRE(connection->copy_in("COPY bibsmith.answers FROM STDIN (FORMAT binary)",
                                  [&] { return next < pieces.size() ? pieces[next++] : std::string{}; }));
    });
    const auto store = opened(server->new_database());
    const double import = seconds_of([&] { REQUIRE(store->import_from(path)); });
    ratios.push_back(bare / import);
    WARN("bare COPY " << bare << " s, import " << import << " s");
  }
  std::ranges::sort(ratios);
  WARN("import, of the speed of a bare COPY: median " << ratios[ratios.size() / 2] << " of five, least "
                                                      << ratios.front());
}
