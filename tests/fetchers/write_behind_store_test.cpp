#include "fetchers/cache/write_behind_store.hpp"

#include <string>
#include <vector>

#include "fetchers/cache/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::TempDir;

namespace {

const std::chrono::sys_seconds never{};

Subject subject(int number) { return {"arxiv-atom", "1706." + std::to_string(10000 + number), 0}; }

std::vector<StoredAnswer> answers(int first, int count) {
  std::vector<StoredAnswer> out;
  for (int i = first; i < first + count; ++i) {
    StoredAnswer answer;
    answer.subject = subject(i);
    answer.subject.version = 1;
    answer.current = true;
    answer.origin = {.source = "arxiv-atom",
                     .url = "https://example.org/",
                     .retrieved = std::chrono::sys_seconds{std::chrono::seconds(9)}};
    answer.body = "<entry>" + std::to_string(i) + "</entry>";
    out.push_back(answer);
  }
  return out;
}

std::unique_ptr<Store> sqlite(const std::string& path) {
  auto opened = SqliteStore::open({.path = path, .warn = {}});
  REQUIRE(opened);
  return std::move(*opened);
}

// Whose writes fail.
class FullDisk final : public Store {
 public:
  tl::expected<std::optional<StoredAnswer>, StoreError> find(const Subject&,
                                                             std::chrono::sys_seconds) override {
    return std::nullopt;
  }
  tl::expected<bool, StoreError> is_missing(const Subject&, std::chrono::sys_seconds) override {
    return false;
  }
  tl::expected<void, StoreError> keep(std::span<const StoredAnswer>) override {
    return tl::unexpected(StoreError{"the disk is full"});
  }
  tl::expected<void, StoreError> keep_missing(std::span<const Subject>, std::chrono::sys_seconds) override {
    return {};
  }
  tl::expected<StoreStats, StoreError> stats() override { return StoreStats{}; }
  tl::expected<void, StoreError> clear() override { return {}; }
  tl::expected<void, StoreError> export_to(const std::string&) override { return {}; }
  tl::expected<void, StoreError> import_from(const std::string&) override { return {}; }
};

}  // namespace

TEST_CASE("what is kept is found at once, and by the next process") {
  const TempDir dir;
  {
    WriteBehindStore store(sqlite(dir / "cache.sqlite"), {});
    for (int round = 0; round < 5; ++round) {
      REQUIRE(store.keep(answers(round * 100, 100)));
      const auto found = store.find(subject(round * 100 + 99), never);
      REQUIRE(found);
      REQUIRE(*found);
      CHECK((*found)->body == "<entry>" + std::to_string(round * 100 + 99) + "</entry>");
    }
    REQUIRE(store.keep(answers(500, 100)));
    CHECK(store.stats()->answers == 600);
    REQUIRE(store.keep(answers(600, 100)));
    const auto reading = store.reading({2, [] { return std::vector<Subject>{}; }});
    CHECK(store.is_missing(subject(1), never) == false);
  }
  CHECK(sqlite(dir / "cache.sqlite")->stats()->answers == 700);
}

TEST_CASE("a write that failed is told by the next call, once") {
  std::vector<std::string> warnings;
  {
    WriteBehindStore store(std::make_unique<FullDisk>(),
                           [&](std::string_view line) { warnings.emplace_back(line); });
    REQUIRE(store.keep(answers(0, 100)));
    const auto found = store.find(subject(1), never);
    REQUIRE_FALSE(found);
    CHECK(found.error().message == "the disk is full");
    CHECK(store.find(subject(1), never));
    CHECK(warnings.empty());
    CHECK_FALSE(store.keep(answers(0, 1)));  // at once
    REQUIRE(store.keep(answers(0, 100)));
  }
  CHECK(warnings == std::vector<std::string>{"the disk is full"});
}
