// The C ABI against the emulator: what takes time, and what is done at the same time.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <poll.h>
#include <string>
#include <thread>
#include <vector>

#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include "bibsmith/bibsmith.h"

using bibsmith::testing::TempDir;
using namespace std::chrono_literals;

namespace {

// arXiv's emulator, and contexts that know no other server.
class World {
 public:
  explicit World(std::chrono::milliseconds interval)
      : emulator_({.records = {"data/sample_papers.jsonl"}, .interval = interval}) {
    std::ofstream config(dir_ / "config.toml");
    config << "[arxiv]\nurl = \"" << emulator_.atom_url() << "\"\ninterval_ms = " << interval.count()
           << "\ncontact = \"tests@example.org\"\n";
  }

  struct Close {
    void operator()(bibsmith_context* context) const { bibsmith_close(context); }
  };
  using Context = std::unique_ptr<bibsmith_context, Close>;

  Context open(std::uint32_t flags = 0) const {
    const std::string config = dir_ / "config.toml";
    const std::string folder = dir_ / "";
    bibsmith_options options{};
    options.size = sizeof options;
    options.flags = flags;
    options.config_path = config.c_str();
    options.cache_dir = options.state_dir = folder.c_str();
    bibsmith_context* context = nullptr;
    CHECK(bibsmith_open(BIBSMITH_ABI, &options, &context) == BIBSMITH_OK);
    return Context(context);
  }

  bibsmith::emulator::Emulator& arxiv() { return emulator_; }

 private:
  TempDir dir_;
  bibsmith::emulator::Emulator emulator_;
};

struct Free {
  void operator()(bibsmith_operation* operation) const { bibsmith_operation_free(operation); }
};
using Operation = std::unique_ptr<bibsmith_operation, Free>;

std::string taken(bibsmith_text& text) {
  std::string out = text.data != nullptr ? std::string(text.data, text.size) : "";
  bibsmith_text_free(&text);
  return out;
}

std::string last_error() {
  bibsmith_text text{};
  bibsmith_last_error(&text);
  return taken(text);
}

Operation submit(bibsmith_context* context, const std::string& ids) {
  const std::string parameters = "{\"ids\":" + ids + "}";
  bibsmith_operation* operation = nullptr;
  CHECK(bibsmith_submit(context, "bibsmith/entry.get", parameters.data(), parameters.size(), &operation) ==
        BIBSMITH_OK);
  return Operation(operation);
}

bool has_ended(const Operation& operation, int patience_ms) {
  pollfd descriptor{bibsmith_operation_descriptor(operation.get()), POLLIN, 0};
  return ::poll(&descriptor, 1, patience_ms) == 1;
}

constexpr int long_enough_ms = 30'000;

}  // namespace

TEST_CASE("an operation gives its result through its descriptor, as often as it is asked for") {
  World world(0ms);
  const auto context = world.open();
  const Operation operation = submit(context.get(), R"(["1706.03762","1412.6980"])");
  REQUIRE(has_ended(operation, long_enough_ms));
  CHECK(bibsmith_operation_wait(operation.get(), -1) == BIBSMITH_OK);
  CHECK(bibsmith_operation_wait(nullptr, 0) == BIBSMITH_INVALID);
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  CHECK(bibsmith_operation_state(operation.get(), &done, &total) == BIBSMITH_OK);
  CHECK(done == 2);
  CHECK(total == 2);
  for (int i = 0; i < 2; ++i) {
    bibsmith_text text{};
    REQUIRE(bibsmith_operation_result(operation.get(), &text) == BIBSMITH_OK);
    CHECK(taken(text).find("vaswani2017attention") != std::string::npos);
  }
}

TEST_CASE("an operation that waits for its turn is busy, and ends soon when it is cancelled") {
  World world(3600s);
  const auto context = world.open();
  const Operation first = submit(context.get(), R"(["1706.03762"])");
  REQUIRE(has_ended(first, long_enough_ms));
  const Operation second = submit(context.get(), R"(["1412.6980"])");  // it may go in an hour
  CHECK_FALSE(has_ended(second, 50));
  CHECK(bibsmith_operation_wait(second.get(), 10) == BIBSMITH_BUSY);
  CHECK(bibsmith_operation_state(second.get(), nullptr, nullptr) == BIBSMITH_BUSY);
  bibsmith_text text{};
  CHECK(bibsmith_operation_result(second.get(), &text) == BIBSMITH_BUSY);
  std::thread([&] { bibsmith_operation_cancel(second.get()); }).join();
  REQUIRE(has_ended(second, long_enough_ms));
  CHECK(bibsmith_operation_result(second.get(), &text) == BIBSMITH_CANCELLED);
  CHECK(text.data == nullptr);
  CHECK(last_error() == R"({"status":-8,"message":"cancelled"})");
  CHECK(world.arxiv().report().requests == 1);
}

TEST_CASE("an operation that is freed while it waits is cancelled first") {
  World world(3600s);
  const auto context = world.open();
  REQUIRE(has_ended(submit(context.get(), R"(["1706.03762"])"), long_enough_ms));
  submit(context.get(), R"(["1412.6980"])").reset();
  CHECK(world.arxiv().report().requests == 1);
}

TEST_CASE("a mistake in an operation comes with its result, to the thread that asks for it") {
  World world(0ms);
  const auto context = world.open();
  const Operation operation = submit(context.get(), "[]");
  REQUIRE(has_ended(operation, long_enough_ms));
  std::thread([&] {
    bibsmith_text text{};
    CHECK(bibsmith_operation_result(operation.get(), &text) == BIBSMITH_INVALID);
    CHECK(last_error().find("parameter 'ids': must name papers") != std::string::npos);
  }).join();
  std::thread([] {
    bibsmith_text text{};
    CHECK(bibsmith_last_error(&text) == BIBSMITH_NOT_FOUND);  // no call of this thread's has failed
  }).join();
}

TEST_CASE("a progress function that says no cancels the call, and may call the library itself") {
  World world(0ms);
  const auto context = world.open();
  struct Seen {
    bibsmith_context* context;
    std::vector<std::uint64_t> totals;
  } seen{context.get(), {}};
  const auto progress = [](void* user, std::uint64_t, std::uint64_t total) -> std::int32_t {
    auto& mine = *static_cast<Seen*>(user);
    mine.totals.push_back(total);
    bibsmith_text text{};
    CHECK(bibsmith_call(mine.context, "bibsmith/status", nullptr, 0, nullptr, nullptr, &text) == BIBSMITH_OK);
    bibsmith_text_free(&text);
    return 1;
  };
  const char* ids[] = {"1706.03762", "1412.6980"};
  bibsmith_text text{};
  CHECK(bibsmith_get(context.get(), ids, 2, nullptr, progress, &seen, &text) == BIBSMITH_CANCELLED);
  REQUIRE_FALSE(seen.totals.empty());
  CHECK(seen.totals.front() == 2);
}

TEST_CASE("several contexts and threads keep one pace, and each gets its own answer") {
  World world(20ms);
  constexpr int threads = 8;
  const auto shared = world.open();
  const char* const ids[] = {"1706.03762", "1412.6980", "hep-th/9711200", "2303.08774"};
  std::vector<std::string> answers(threads);
  std::vector<World::Context> own;  // opened here: Catch's checks are for one thread
  for (int i = 0; i < threads; ++i) own.push_back(i % 2 == 0 ? World::Context() : world.open());
  const auto before = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        const auto at = static_cast<std::size_t>(i);
        bibsmith_context* const context = own[at] ? own[at].get() : shared.get();
        bibsmith_text text{};
        if (bibsmith_get(context, &ids[i % 4], 1, "bibtex", nullptr, nullptr, &text) == BIBSMITH_OK) {
          answers[at] = taken(text);
        }
      });
    }
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CAPTURE(i, answers[i]);
    CHECK(answers[i].find("eprint") != std::string::npos);
    CHECK(answers[i] == answers[i % 4]);
  }
  // Not the emulator's verdict: a busy machine hands requests over late, and the next then seems early.
  // From before the first start to after the last one there are never fewer intervals than between them.
  const auto passed = std::chrono::steady_clock::now() - before;
  const auto report = world.arxiv().report();
  CHECK(report.requests >= 4);
  CHECK(report.requests_max == 1);
  CHECK(passed >= (report.requests - 1) * 19ms);  // the limiter may be early by a twentieth

  // What one context learned, another answers without the network.
  const auto offline = world.open(BIBSMITH_OPTION_OFFLINE);
  bibsmith_text text{};
  CHECK(bibsmith_get(offline.get(), ids, 4, nullptr, nullptr, nullptr, &text) == BIBSMITH_OK);
  bibsmith_text_free(&text);
}

TEST_CASE("a warning goes to the log of the call's own context") {
  World world(0ms);
  const auto context = world.open();
  std::string heard;
  const auto log = [](void* user, const char* line) { *static_cast<std::string*>(user) += line; };
  bibsmith_set_log(context.get(), log, &heard);
  const char* ids[] = {"1706.03762"};
  bibsmith_text text{};
  CHECK(bibsmith_get(context.get(), ids, 1, nullptr, nullptr, nullptr, &text) == BIBSMITH_OK);
  bibsmith_text_free(&text);
  CHECK(heard.empty());
}

TEST_CASE("options of an older program are taken, of a newer one what is known, flags unknown are refused") {
  TempDir dir;
  const std::string folder = dir / "";
  struct Newer {
    bibsmith_options known;
    const char* added;
  } newer{};
  newer.known.size = sizeof newer;
  newer.known.flags = BIBSMITH_OPTION_OFFLINE;
  newer.known.cache_dir = newer.known.state_dir = folder.c_str();
  newer.added = "what nobody here knows";
  bibsmith_context* context = nullptr;
  CHECK(bibsmith_open(BIBSMITH_ABI + 7, &newer.known, &context) == BIBSMITH_OK);
  bibsmith_close(context);
  bibsmith_options older{};
  older.size = 8;  // `size` and `flags`: the first header had no more
  older.flags = BIBSMITH_OPTION_OFFLINE;
  older.cache_dir = "/nonexistent and not looked at";
  CHECK(bibsmith_open(BIBSMITH_ABI, &older, &context) == BIBSMITH_OK);
  bibsmith_close(context);
  newer.known.flags = 1u << 31;
  CHECK(bibsmith_open(BIBSMITH_ABI, &newer.known, &context) == BIBSMITH_INVALID);
  CHECK(last_error() == R"({"status":-1,"message":"options have a flag that this library does not know"})");
}
