#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <stop_token>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "fetchers/http/rate_limiter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::fetchers;
using bibsmith::FetchError;
using bibsmith::testing::FakeClock;
using bibsmith::testing::TempDir;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Takes a turn and ends it at once; the time that it had to wait.
nanoseconds wait_of_turn(RateLimiter& limiter, FakeClock& clock) {
  const nanoseconds before = clock.now;
  const auto permit = limiter.acquire({}, 0s);
  REQUIRE(permit);
  return clock.now - before;
}

// A pace of two machines, in memory, by the clock of the test.
class PaceOfGroup final : public bibsmith::SharedPace {
 public:
  explicit PaceOfGroup(FakeClock& clock) : clock_(clock) {}

  bool is_taken = false;
  std::string failure;

  tl::expected<std::optional<State>, std::string> try_turn(const std::string&) override {
    if (!failure.empty()) return tl::unexpected(failure);
    if (std::exchange(is_taken, true)) return std::nullopt;
    State state;
    if (start_) state.since_start = clock_.now - *start_;
    state.cool_down_left = std::max(cool_down_end_ - clock_.now, nanoseconds::zero());
    state.refusals = refusals_;
    return state;
  }
  tl::expected<void, std::string> write(const std::string&, const State& state) override {
    if (!failure.empty()) return tl::unexpected(failure);
    if (state.since_start) start_ = clock_.now - *state.since_start;
    cool_down_end_ = clock_.now + state.cool_down_left;
    refusals_ = state.refusals;
    return {};
  }
  void end_turn(const std::string&) override { is_taken = false; }

 private:
  FakeClock& clock_;
  std::optional<nanoseconds> start_;
  nanoseconds cool_down_end_{};
  std::uint32_t refusals_ = 0;
};

std::string boot_id_of(const std::string& line) {
  const std::size_t begin = line.find(' ') + 1;
  return line.substr(begin, line.find(' ', begin) - begin);
}

}  // namespace

TEST_CASE("RateLimiter keeps the starts of requests apart, over all limiters of the file") {
  FakeClock clock;
  const TempDir directory;
  RateLimiter one(directory.path() / "deep" / "er", "arxiv", clock);
  RateLimiter two(directory.path() / "deep" / "er", "arxiv", clock);
  RateLimiter other_group(directory.path() / "deep" / "er", "crossref", clock);
  CHECK(wait_of_turn(one, clock) == 0s);
  CHECK(wait_of_turn(two, clock) == 3s);
  CHECK(wait_of_turn(other_group, clock) == 0s);
  clock.now += 2s;
  CHECK(wait_of_turn(one, clock) == 1s);
  clock.now += 10s;
  CHECK(wait_of_turn(two, clock) == 0s);
  CHECK(one.shared_error().empty());
}

TEST_CASE("RateLimiter counts the interval from when the request reached the server") {
  FakeClock clock;
  const TempDir directory;
  RateLimiter limiter(directory.path(), "arxiv", clock);
  const auto acquired = clock.now;
  const auto wait_after = [&](std::chrono::nanoseconds sent, std::chrono::nanoseconds answered) {
    {
      auto permit = limiter.acquire({}, 0s);
      REQUIRE(permit);
      clock.now = std::max(acquired, acquired + answered);
      permit->sent(acquired + sent, acquired + answered);
    }
    return wait_of_turn(limiter, clock);
  };
  SECTION("getting the connection took a second") { CHECK(wait_after(1s, 1s) == 3s); }
  SECTION("so did the first byte, of which a twentieth of the interval counts") {
    CHECK(wait_after(0s, 1s) == 2s + 150ms);
  }
  SECTION("it never counts from before the permit") { CHECK(wait_after(-1s, -1s) == 3s); }
}

TEST_CASE("RateLimiter lets one connection be open at a time") {
  FakeClock clock;
  const TempDir directory;
  RateLimiter one(directory.path(), "arxiv", clock);
  RateLimiter two(directory.path(), "arxiv", clock);
  std::optional<RateLimiter::Permit> held;
  {
    auto permit = one.acquire({}, 0s);
    REQUIRE(permit);
    held.emplace(std::move(*permit));
  }
  SECTION("the second gets its turn when the first is done") {
    clock.now += 60s;  // a slow answer
    clock.on_sleep = [&] {
      if (clock.sleeps.size() == 4) held.reset();
    };
    CHECK(wait_of_turn(two, clock) == 200ms);
  }
  SECTION("and says so when that takes too long") {
    const auto permit = two.acquire({}, 0s);
    REQUIRE_FALSE(permit);
    CHECK(permit.error().code == FetchError::Code::rate_limited);
    CHECK(permit.error().message == "other programs have kept arxiv busy for 600 s (lock on " +
                                        (directory.path() / "arxiv.rate").string() + ")");
  }
  SECTION("a stop request ends the wait") {
    std::stop_source stop;
    clock.on_sleep = [&] { stop.request_stop(); };
    const auto permit = two.acquire(stop.get_token(), 0s);
    REQUIRE_FALSE(permit);
    CHECK(permit.error().code == FetchError::Code::cancelled);
    CHECK(permit.error().message == "cancelled while waiting for arxiv");
    CHECK(clock.sleeps.size() == 1);
  }
}

TEST_CASE("RateLimiter holds everybody back during a cool-down") {
  FakeClock clock;
  const TempDir directory;
  RateLimiter one(directory.path(), "arxiv", clock);
  RateLimiter two(directory.path(), "arxiv", clock);
  CHECK(one.acquire({}, 0s)->cool_down(std::nullopt) == 30s);

  const auto impatient = two.acquire({}, 29s);
  REQUIRE_FALSE(impatient);
  CHECK(impatient.error().code == FetchError::Code::rate_limited);
  CHECK(impatient.error().message == "arxiv asked for a pause; try again in 30 s");
  CHECK(impatient.error().retry_after == 30s);
  CHECK(clock.slept() == 0s);

  const auto patient = two.acquire({}, 30s);
  REQUIRE(patient);
  CHECK(clock.slept() == 30s);
}

TEST_CASE("RateLimiter doubles its pauses up to ten minutes, and begins anew after an answer") {
  FakeClock clock;
  const TempDir directory;
  RateLimiter limiter(directory.path(), "arxiv", clock);
  const auto refuse = [&](std::optional<std::chrono::seconds> retry_after) {
    return limiter.acquire({}, 1h)->cool_down(retry_after);
  };
  for (const auto pause : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) CHECK(refuse(std::nullopt) == pause);
  for (int i = 0; i < 10; ++i) CHECK(refuse(std::nullopt) == 600s);
  limiter.acquire({}, 1h)->answered();
  CHECK(refuse(std::nullopt) == 30s);

  CHECK(refuse(7s) == 7s);
  CHECK(refuse(0s) == 1s);
  CHECK(refuse(24h) == 60s);
}

TEST_CASE("RateLimiter takes a damaged file for an empty one") {
  FakeClock clock;
  const TempDir directory;
  const auto path = directory.path() / "arxiv.rate";
  {
    RateLimiter limiter(directory.path(), "arxiv", clock);
    wait_of_turn(limiter, clock);
  }
  const std::string good = read(path);
  CHECK(good == "bibsmith-rate-1 " + boot_id_of(good) + " 3600000000000 0 0\n");

  const std::string front = "bibsmith-rate-1 " + boot_id_of(good);
  for (const std::string& text :
       {std::string(), std::string("\n"), std::string("x"), std::string(5000, '9'), std::string(300, '\0'),
        good.substr(0, good.size() - 1), good.substr(0, 20), good + "x", front + " -5 0 0\n",
        front + " 3600000000000 0\n", front + " 99999999999999999999999 0 0\n",
        front + " 3600000000000 0 0 0\n", std::string("bibsmith-rate-2 ") + good.substr(16)}) {
    INFO(text.substr(0, 80));
    write(path, text);
    RateLimiter limiter(directory.path(), "arxiv", clock);
    CHECK(wait_of_turn(limiter, clock) == 0s);
    CHECK(read(path) == good);
  }
}

TEST_CASE("RateLimiter is not blocked by stamps of another boot or of the future") {
  FakeClock clock;
  const TempDir directory;
  const auto path = directory.path() / "arxiv.rate";
  {
    RateLimiter limiter(directory.path(), "arxiv", clock);
    wait_of_turn(limiter, clock);
  }
  const std::string boot_id = boot_id_of(read(path));
  const auto wait_with = [&](const std::string& line) {
    write(path, line);
    RateLimiter limiter(directory.path(), "arxiv", clock);
    return wait_of_turn(limiter, clock);
  };
  // The clock stands at 3600 s.
  CHECK(wait_with("bibsmith-rate-1 " + boot_id + " 3599000000000 0 0\n") == 2s);
  CHECK(wait_with("bibsmith-rate-1 another-boot 3601000000000 3610000000000 0\n") == 0s);
  CHECK(wait_with("bibsmith-rate-1 " + boot_id + " 9999000000000 0 0\n") == 0s);
  CHECK(wait_with("bibsmith-rate-1 " + boot_id + " 9223372036854775807 9223372036854775807 99\n") == 0s);
  CHECK(wait_with("bibsmith-rate-1 " + boot_id + " 1 4300000000000 0\n") == 0s);  // beyond every pause
}

TEST_CASE("RateLimiter gives up when others are always faster") {
  FakeClock clock;
  const TempDir directory;
  const auto path = directory.path() / "arxiv.rate";
  {
    RateLimiter limiter(directory.path(), "arxiv", clock);
    wait_of_turn(limiter, clock);
  }
  const std::string front = "bibsmith-rate-1 " + boot_id_of(read(path)) + " ";
  clock.on_sleep = [&] {  // the other one starts at the very end of our wait
    write(path, front + std::to_string((clock.now + clock.sleeps.back()).count()) + " 0 0\n");
  };
  RateLimiter limiter(directory.path(), "arxiv", clock);
  const auto permit = limiter.acquire({}, 0s);
  REQUIRE_FALSE(permit);
  CHECK(permit.error().code == FetchError::Code::rate_limited);
  CHECK(clock.slept() <= 604s);
}

TEST_CASE("RateLimiter paces its own process when the file cannot be used") {
  FakeClock clock;
  const TempDir directory;
  write(directory.path() / "file", "not a directory");
  std::vector<std::string> warnings;
  RateLimiter limiter(directory.path() / "file", "arxiv", clock, {},
                      [&](std::string_view line) { warnings.emplace_back(line); });
  CHECK(wait_of_turn(limiter, clock) == 0s);
  CHECK(limiter.shared_error() == "requests are paced for this process alone: cannot use " +
                                      (directory.path() / "file" / "arxiv.rate").string() +
                                      ": Not a directory");
  CHECK(wait_of_turn(limiter, clock) == 3s);
  CHECK(limiter.acquire({}, 0s)->cool_down(std::nullopt) == 30s);
  CHECK_FALSE(limiter.acquire({}, 0s));
  CHECK(warnings == std::vector<std::string>{limiter.shared_error()});

  clock.now += 60s;
  auto held = limiter.acquire({}, 0s);
  REQUIRE(held);
  CHECK(limiter.acquire({}, 0s).error().code == FetchError::Code::rate_limited);
}

TEST_CASE("RateLimiter follows no symbolic link") {
  FakeClock clock;
  const TempDir directory;
  const auto victim = directory.path() / "victim";
  write(victim, "precious");
  std::filesystem::create_symlink(victim, directory.path() / "arxiv.rate");
  RateLimiter limiter(directory.path(), "arxiv", clock);
  CHECK(wait_of_turn(limiter, clock) == 0s);
  CHECK_FALSE(limiter.shared_error().empty());
  CHECK(read(victim) == "precious");
}

namespace {

struct Held {
  std::int64_t begin;
  std::int64_t end;
};

// Takes `turns` turns and reports when each was held, by the machine's clock.
std::vector<Held> take_turns(const std::filesystem::path& directory, int turns) {
  SystemClock clock;
  RateLimiter limiter(directory, "arxiv", clock, RateLimits{.interval = 60ms});
  std::vector<Held> out;
  for (int i = 0; i < turns; ++i) {
    const auto permit = limiter.acquire({}, 0s);
    if (!permit) break;
    const auto begin = clock.since_boot().count();
    out.push_back(Held{begin, clock.since_boot().count()});
  }
  return out;
}

}  // namespace

TEST_CASE("RateLimiter holds between processes") {
  const TempDir directory;
  constexpr int turns = 4;
  std::array<int, 2> pipe_ends{};
  REQUIRE(pipe(pipe_ends.data()) == 0);
  const nanoseconds before = SystemClock().since_boot();
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = take_turns(directory.path(), turns);
    const std::size_t size = held.size() * sizeof(Held);
    _exit(::write(pipe_ends[1], held.data(), size) == static_cast<ssize_t>(size) ? 0 : 1);
  }
  std::vector<Held> all = take_turns(directory.path(), turns);
  std::array<Held, turns> theirs{};
  REQUIRE(::read(pipe_ends[0], theirs.data(), sizeof(theirs)) == static_cast<ssize_t>(sizeof(theirs)));
  int status = 0;
  waitpid(child, &status, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  CHECK(status == 0);

  all.insert(all.end(), theirs.begin(), theirs.end());
  REQUIRE(all.size() == 2 * turns);
  std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) { return a.begin < b.begin; });
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].begin >= all[i - 1].end);
  // Eight starts are seven intervals.
  CHECK(nanoseconds(all.back().begin) - before >= 7 * 60ms);
}

TEST_CASE("RateLimiter frees the turn of a killed process") {
  const TempDir directory;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FakeClock clock;
    RateLimiter limiter(directory.path(), "arxiv", clock);
    const auto permit = limiter.acquire({}, 0s);
    _exit(permit ? 7 : 1);  // no destructor runs
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 7);
  FakeClock clock;
  RateLimiter limiter(directory.path(), "arxiv", clock);
  CHECK(wait_of_turn(limiter, clock) == 3s);
}

TEST_CASE("SystemClock sleeps until it is stopped") {
  SystemClock clock;
  const nanoseconds before = clock.since_boot();
  CHECK(clock.sleep_for(1ms, {}));
  CHECK(clock.since_boot() - before >= 1ms);
  CHECK(clock.sleep_for(-1s, {}));
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(clock.sleep_for(1h, stop.get_token()));
  CHECK(clock.calendar() > std::chrono::sys_days{std::chrono::year{2024} / 1 / 1});
}

TEST_CASE("machines of a group keep one pace and one cool-down between them") {
  FakeClock clock;
  const TempDir here;
  const TempDir there;
  PaceOfGroup pace(clock);
  RateLimiter one(here.path(), "arxiv", clock);
  RateLimiter two(there.path(), "arxiv", clock);
  one.share(pace);
  two.share(pace);
  CHECK(wait_of_turn(one, clock) == 0s);
  CHECK(wait_of_turn(two, clock) == 3s);
  CHECK(wait_of_turn(one, clock) == 3s);
  CHECK_FALSE(pace.is_taken);
  {
    auto permit = two.acquire({}, 0s);
    REQUIRE(permit);
    permit->cool_down(20s);
  }
  const auto refused = one.acquire({}, 5s);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().retry_after == 20s);
  CHECK_FALSE(pace.is_taken);
}

TEST_CASE(
    "while another machine of the group talks to a source this one waits, and its own processes may look") {
  FakeClock clock;
  const TempDir here;
  const TempDir there;
  PaceOfGroup pace(clock);
  RateLimiter one(here.path(), "arxiv", clock);
  RateLimiter two(there.path(), "arxiv", clock);
  one.share(pace);
  two.share(pace);
  std::optional<RateLimiter::Permit> permit(std::move(*one.acquire({}, 0s)));
  const nanoseconds begin = clock.now;
  clock.on_sleep = [&] {
    if (clock.now - begin > 10s) permit.reset();
  };
  CHECK(two.acquire({}, 0s));
  CHECK(clock.now - begin > 10s);
  CHECK(clock.now - begin < 11s);
}

TEST_CASE("a pace that can be shared no more is told once, and kept for this machine") {
  FakeClock clock;
  const TempDir here;
  PaceOfGroup pace(clock);
  std::vector<std::string> warnings;
  RateLimiter one(here.path(), "arxiv", clock, {},
                  [&](std::string_view line) { warnings.emplace_back(line); });
  one.share(pace);
  CHECK(wait_of_turn(one, clock) == 0s);
  pace.failure = "the store is away";
  CHECK(wait_of_turn(one, clock) == 3s);
  CHECK(wait_of_turn(one, clock) == 3s);
  CHECK(warnings == std::vector<std::string>{"requests are paced for this machine alone: the store is away"});
}
