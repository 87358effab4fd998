// What every Store has to do, run on each of them.

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fetchers/cache/postgres_store.hpp"
#include "fetchers/cache/sqlite_store.hpp"
#include "tests/fetchers/stored_answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/opened.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::answer;
using bibsmith::testing::at;
using bibsmith::testing::newest;
using bibsmith::testing::opened;
using bibsmith::testing::pinned;
using bibsmith::testing::PostgresServer;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;

namespace {

// A place for one store, new and empty, which can be opened several times. Each test runs for each engine.
class Kind {
 public:
  Kind() : engine_(GENERATE(std::string("sqlite"), std::string("postgres"))) { make(); }
  // Another place of the same engine.
  explicit Kind(const Kind& other) : engine_(other.engine_) { make(); }
  Kind& operator=(const Kind&) = delete;

  bool is_there() const { return engine_ == "sqlite" || !url_.empty(); }
  std::unique_ptr<Store> open() const {
    if (engine_ == "sqlite")
      return opened(SqliteStore::open({.path = dir_ / "deep/er/cache.sqlite", .warn = {}}));
    return opened(PostgresStore::open({.url = url_}));
  }

 private:
  void make() {
    PostgresServer* server = engine_ == "postgres" ? PostgresServer::shared() : nullptr;
    if (server != nullptr) url_ = server->new_database();
  }
  std::string engine_;
  TempDir dir_;
  std::string url_;
};

}  // namespace

TEST_CASE("each store: an answer comes back as it was received") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  const std::string body("<entry>\0\xff raw</entry>", 21);
  REQUIRE(store->keep(std::vector{answer("1706.03762", 7, true, 1000, body)}));

  const auto found = store->find(newest("1706.03762"), at(1000));
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->body == body);
  CHECK((*found)->subject.version == 7);
  CHECK((*found)->origin == Origin{"arxiv-atom", "https://example.org/query", at(1000)});
  CHECK_FALSE(*store->find(newest("1706.03763"), at(0)));
  CHECK_FALSE(*store->find(Subject{"arxiv-oai", "1706.03762", 0}, at(0)));
}

TEST_CASE("each store: the newest version ages, a named one does not") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  REQUIRE(store->keep(std::vector{answer("1706.03762", 7, true, 1000)}));
  CHECK_FALSE(*store->find(newest("1706.03762"), at(1001)));
  CHECK(*store->find(pinned("1706.03762", 7), at(0)));
  CHECK_FALSE(*store->find(pinned("1706.03762", 6), at(0)));

  // v8 comes: v7 stays, but is the newest no more.
  REQUIRE(store->keep(std::vector{answer("1706.03762", 8, true, 2000)}));
  CHECK((*store->find(newest("1706.03762"), at(0)))->subject.version == 8);
  CHECK(*store->find(pinned("1706.03762", 7), at(0)));

  // An old version that is asked for later does not become the newest.
  REQUIRE(store->keep(std::vector{answer("1706.03762", 1, false, 3000)}));
  CHECK((*store->find(newest("1706.03762"), at(0)))->subject.version == 8);
}

TEST_CASE(
    "each store: what a source does not have is remembered for a while, and forgotten when it appears") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  REQUIRE(store->keep_missing(std::vector{newest("2411.99999"), pinned("1706.03762", 99)}, at(1000)));
  CHECK(*store->is_missing(newest("2411.99999"), at(1000)));
  CHECK(*store->is_missing(pinned("2411.99999", 3), at(1000)));  // no paper, no version
  CHECK_FALSE(*store->is_missing(newest("2411.99999"), at(1001)));
  CHECK(*store->is_missing(pinned("1706.03762", 99), at(1000)));
  CHECK_FALSE(*store->is_missing(newest("1706.03762"), at(1000)));

  REQUIRE(store->keep(std::vector{answer("2411.99999", 1, true, 2000)}));
  CHECK_FALSE(*store->is_missing(newest("2411.99999"), at(0)));
}

TEST_CASE("each store: several stores work on one file") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto one = kind.open();
  const auto two = kind.open();
  REQUIRE(one->keep(std::vector{answer("1706.03762", 7, true, 1000)}));
  CHECK(*two->find(newest("1706.03762"), at(0)));
  REQUIRE(two->keep(std::vector{answer("1706.03763", 1, true, 1000)}));
  CHECK(*one->find(newest("1706.03763"), at(0)));
}

TEST_CASE("each store: a cache is cleared, exported and imported") {
  Kind kind;
  Kind other(kind);
  if (!kind.is_there()) return;
  const TempDir dir;
  const auto one = kind.open();
  const auto two = other.open();
  REQUIRE(one->keep(
      std::vector{answer("1706.03762", 7, true, 1000, "seven"), answer("1412.6980", 9, true, 500)}));
  REQUIRE(one->keep_missing(std::vector{newest("2411.99999")}, at(1000)));
  REQUIRE(two->keep(
      std::vector{answer("1706.03762", 8, true, 2000, "eight"), answer("1412.6980", 9, true, 900)}));

  const std::string file = dir / "export.sqlite";
  REQUIRE(one->export_to(file));
  CHECK(one->export_to(file).error().message == file + " exists already, name another file");
  REQUIRE(two->import_from(file));
  CHECK((*two->find(newest("1706.03762"), at(0)))->body == "eight");
  CHECK((*two->find(pinned("1706.03762", 7), at(0)))->body == "seven");
  CHECK((*two->find(newest("1412.6980"), at(0)))->origin.retrieved == at(900));
  CHECK(*two->is_missing(newest("2411.99999"), at(0)));

  write_file(dir / "text", "no database");
  CHECK_FALSE(two->import_from(dir / "text"));
  CHECK(two->stats()->answers == 3);

  REQUIRE(two->clear());
  CHECK(two->stats()->answers == 0);
  CHECK_FALSE(*two->find(newest("1706.03762"), at(0)));
}

TEST_CASE("each store: what is read ahead is what is found one by one") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  REQUIRE(store->keep(std::vector{answer("1706.03762", 6, true, 900, "six"),
                                  answer("1706.03762", 7, true, 1000, "seven"),
                                  answer("1412.6980", 9, false, 500, "nine")}));
  REQUIRE(store->keep_missing(std::vector{newest("2411.99999"), pinned("1412.6980", 99)}, at(1000)));
  const std::vector<Subject> subjects{
      newest("1706.03762"),     pinned("1706.03762", 6), pinned("1706.03762", 5),
      newest("1412.6980"),      pinned("1412.6980", 9),  newest("2411.99999"),
      pinned("1412.6980", 99),  newest("0704.0001"),     newest("quote\"back\\slash, {brace}"),
      newest("not UTF-8: \xff")};
  const auto look_up = [&] {
    std::vector<std::string> found;
    for (const Subject& subject : subjects) {
      for (const int oldest : {0, 950, 1001}) {
        const auto answer = store->find(subject, at(oldest));
        REQUIRE(answer);
        found.push_back(*answer ? (*answer)->body : "-");
        found.emplace_back(*store->is_missing(subject, at(oldest)) ? "missing" : "-");
      }
    }
    found.emplace_back(*store->holds("arxiv-atom") ? "held" : "-");
    found.emplace_back(*store->holds("arxiv-oai") ? "held" : "-");
    return found;
  };
  const auto one_by_one = look_up();
  CHECK(std::ranges::count(one_by_one, "seven") == 2);
  CHECK(std::ranges::count(one_by_one, "missing") == 4);
  const auto reading = store->reading({subjects.size(), [&] { return subjects; }});
  CHECK(reading != nullptr);
  CHECK(look_up() == one_by_one);
}

TEST_CASE("each store: a subject that no database takes harms no other") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  REQUIRE(store->keep(std::vector{answer("\xff\xfe", 1, true, 1), answer("1706.03762", 1, true, 1, "kept")}));
  REQUIRE(store->keep_missing(std::vector{newest("\xff"), newest("2411.99999")}, at(1)));
  CHECK((*store->find(newest("1706.03762"), at(0)))->body == "kept");
  CHECK(*store->is_missing(newest("2411.99999"), at(0)));
}

TEST_CASE("each store: thousands of answers are kept and found at once, and the last word counts") {
  Kind kind;
  if (!kind.is_there()) return;
  const auto store = kind.open();
  std::vector<StoredAnswer> answers;
  std::vector<Subject> subjects;
  for (int i = 0; i < 2000; ++i) {
    subjects.push_back(newest("1706." + std::to_string(10000 + i)));
    answers.push_back(answer(subjects.back().name, 1, true, 1, std::string(2000, 'b')));
    answers.push_back(answer(subjects.back().name, 1, true, 2, "last"));
  }
  REQUIRE(store->keep(answers));
  const auto reading = store->reading({subjects.size(), [&] { return subjects; }});
  CHECK(std::ranges::all_of(subjects,
                            [&](const Subject& one) { return (*store->find(one, at(2)))->body == "last"; }));
}

TEST_CASE("a cache moves from any store to any other") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const TempDir dir;
  const auto sqlite = [&](const std::string& name) {
    return std::move(*SqliteStore::open({.path = dir / name, .warn = {}}));
  };
  const auto one = sqlite("one.sqlite");
  const std::string body("<entry>\0\xff raw</entry>", 21);
  REQUIRE(
      one->keep(std::vector{answer("1706.03762", 6, true, 900), answer("1706.03762", 7, true, 1000, body)}));
  REQUIRE(one->keep_missing(std::vector{newest("2411.99999")}, at(1000)));
  REQUIRE(one->export_to(dir / "a.sqlite"));
  auto two = PostgresStore::open({.url = server->new_database()});
  REQUIRE(two);
  REQUIRE((*two)->import_from(dir / "a.sqlite"));
  REQUIRE((*two)->export_to(dir / "b.sqlite"));
  CHECK_FALSE(std::filesystem::exists(dir / "b.sqlite.part"));
  const auto three = sqlite("three.sqlite");
  REQUIRE(three->import_from(dir / "b.sqlite"));
  CHECK((*three->find(newest("1706.03762"), at(0)))->body == body);
  CHECK((*three->find(pinned("1706.03762", 6), at(0)))->current == false);
  CHECK(*three->is_missing(newest("2411.99999"), at(1000)));
}
