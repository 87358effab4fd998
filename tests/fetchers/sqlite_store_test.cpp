#include "fetchers/cache/sqlite_store.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "tests/fetchers/stored_answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::answer;
using bibsmith::testing::at;
using bibsmith::testing::newest;
using bibsmith::testing::read_file;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;

namespace {

struct Opened {
  std::vector<std::string> warnings;
  std::unique_ptr<SqliteStore> store;
  std::string error;
};

Opened open(const std::string& path, std::uint64_t bytes_max = 512u << 20) {
  Opened opened;
  SqliteStore::Options options;
  options.path = path;
  options.bytes_max = bytes_max;
  // The warnings are copied out below: the store outlives this function, `opened` moves.
  auto warnings = std::make_shared<std::vector<std::string>>();
  options.warn = [warnings](std::string_view line) { warnings->emplace_back(line); };
  auto store = SqliteStore::open(std::move(options));
  if (store) {
    opened.store = std::move(*store);
  } else {
    opened.error = store.error().message;
  }
  opened.warnings = *warnings;
  return opened;
}

}  // namespace

TEST_CASE("a damaged or foreign cache is put aside, whole, and a new one begun") {
  const TempDir dir;
  const std::string path = dir / "cache.sqlite";
  const std::string garbage(8192, 'x');
  write_file(path, garbage);

  const Opened opened = open(path);
  REQUIRE(opened.store);
  REQUIRE(opened.warnings.size() == 1);
  CHECK(opened.warnings[0] == "the cache " + path +
                                  " is damaged (file is not a database); it was put aside as " + path +
                                  ".set-aside-1 and a new one begun");
  CHECK(read_file(path + ".set-aside-1") == garbage);
  CHECK(opened.store->keep(std::vector{answer("1706.03762", 7, true, 1000)}));

  const std::string other = dir / "other.sqlite";
  {
    auto foreign = Database::open(other, Database::Open::read_write_create);
    REQUIRE(foreign->run("CREATE TABLE mine (x); INSERT INTO mine VALUES (42)"));
  }
  const Opened second = open(other);
  REQUIRE(second.store);
  REQUIRE(second.warnings.size() == 1);
  CHECK(second.warnings[0].find("not a cache of bibsmith") != std::string::npos);
  auto kept = Database::open(other + ".set-aside-1", Database::Open::read_only);
  CHECK(kept->number("SELECT x FROM mine") == 42);
}

TEST_CASE("a cache of a newer format is left alone") {
  const TempDir dir;
  const std::string path = dir / "cache.sqlite";
  { REQUIRE(open(path).store); }
  {
    auto database = Database::open(path, Database::Open::read_write_create);
    REQUIRE(database->run("PRAGMA user_version = 99"));
  }
  const Opened opened = open(path);
  CHECK_FALSE(opened.store);
  CHECK(opened.error == "the cache " + path + " failed (written by a newer bibsmith)");
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a cache that cannot be made says where and why") {
  const TempDir dir;
  write_file(dir / "file", "");
  const Opened opened = open(dir / "file/cache.sqlite");
  CHECK_FALSE(opened.store);
  CHECK(opened.error == "cannot make the cache folder " + (dir / "file") + ": Not a directory");
}

TEST_CASE("a process finds what another kept, in the log or in the file, and the log stays short") {
  const TempDir dir;
  const std::string path = dir / "cache.sqlite";
  for (int batch = 0; batch < 12; ++batch) {
    const Opened opened = open(path);
    std::vector<StoredAnswer> answers;
    for (int i = 0; i < 300; ++i) {
      const std::string id = "17" + std::to_string(10 + batch) + "." + std::to_string(10000 + i);
      answers.push_back(answer(id, 1, true, 1, std::string(3000, 'b')));
    }
    REQUIRE(opened.store->keep(answers));
    REQUIRE(open(path).store->find(newest("1710.10299"), at(0)).value());
    CHECK(std::filesystem::file_size(path + "-wal") <= 2u << 20);
  }
  CHECK(open(path).store->stats()->answers == 3600);
}

TEST_CASE("damage in the middle of a run is an error, not a crash") {
  const TempDir dir;
  const std::string path = dir / "cache.sqlite";
  {
    const Opened opened = open(path);
    std::vector<StoredAnswer> answers;
    for (int i = 1; i < 1200; ++i) {  // enough for the log to be copied into the file
      answers.push_back(answer("1706." + std::to_string(10000 + i), 1, true, i, std::string(2000, 'b')));
    }
    REQUIRE(opened.store->keep(answers));
  }
  for (const char* companion : {"-wal", "-shm"}) std::filesystem::remove(path + companion);
  std::string bytes = read_file(path);
  REQUIRE(bytes.size() > 100'000);
  for (std::size_t i = 16384; i < bytes.size(); ++i)  // all but the first page
    bytes[i] = static_cast<char>(i * 31);
  write_file(path, bytes);

  const Opened opened = open(path);
  REQUIRE(opened.store);
  const auto found = opened.store->find(newest("1706.10200"), at(0));
  REQUIRE_FALSE(found);
  CHECK(found.error().message.starts_with("the cache " + path + " is damaged ("));
}

TEST_CASE("the oldest answers leave when the cache is full") {
  const TempDir dir;
  const Opened opened = open(dir / "cache.sqlite", 256 << 10);
  for (int i = 1; i <= 200; ++i) {
    REQUIRE(opened.store->keep(
        std::vector{answer("1706." + std::to_string(10000 + i), 1, true, i, std::string(4000, 'b'))}));
  }
  const auto stats = opened.store->stats();
  REQUIRE(stats);
  CHECK(stats->bytes <= 256 << 10);
  CHECK(stats->answers > 10);
  CHECK_FALSE(*opened.store->find(newest("1706.10001"), at(0)));
  CHECK(*opened.store->find(newest("1706.10200"), at(0)));
}
