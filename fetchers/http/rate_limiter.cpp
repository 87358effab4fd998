#include "fetchers/http/rate_limiter.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::fetchers {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view magic = "bibsmith-rate-1";
constexpr std::size_t state_bytes_max = 256;
constexpr nanoseconds poll_step = std::chrono::milliseconds(50);
// Of a turn that another machine has: each look is a question to the store.
constexpr nanoseconds group_poll_step = std::chrono::milliseconds(250);
// 2^10 first pauses are beyond every maximum.
constexpr std::uint32_t refusals_max = 10;

std::string_view take_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  const std::string_view word = take_word(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value < 0) return std::nullopt;
  return value;
}

// The first bytes of a file; as many as are there.
std::string read_front(int file, std::size_t bytes_max) {
  std::string out(bytes_max, '\0');
  const ssize_t count = pread(file, out.data(), out.size(), 0);
  out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return out;
}

// Stamps of another boot mean nothing. Where the system has no such id all boots look alike, and the limits
// on each wait still hold.
std::string read_boot_id() {
  const int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  if (file < 0) return "unknown";
  std::string id = read_front(file, 64);
  close(file);
  id.erase(std::find_if(id.begin(), id.end(), [](char c) { return c == '\n' || c == ' '; }), id.end());
  return id.empty() ? "unknown" : id;
}

seconds rounded_up(nanoseconds span) { return std::chrono::ceil<seconds>(span); }

}  // namespace

struct RateLimiter::Turn {
  bool ours = false;
  int file = -1;
};

RateLimiter::RateLimiter(const std::filesystem::path& directory, std::string_view group, Clock& clock,
                         RateLimits limits, Warn warn)
    : path_(directory / (std::string(group) + ".rate")),
      group_(group),
      clock_(clock),
      limits_(limits),
      warn_(std::move(warn)),
      boot_id_(read_boot_id()) {}

std::string RateLimiter::shared_error() const {
  const std::lock_guard guard(mutex_);
  return shared_error_;
}

tl::expected<RateLimiter::Permit, FetchError> RateLimiter::acquire(const std::stop_token& stop,
                                                                   nanoseconds patience) {
  return acquire(stop, patience, CoolDown::honoured);
}

tl::expected<RateLimiter::Permit, FetchError> RateLimiter::acquire_turn(const std::stop_token& stop) {
  return acquire(stop, nanoseconds::zero(), CoolDown::ignored);
}

tl::expected<RateLimiter::Permit, FetchError> RateLimiter::acquire(const std::stop_token& stop,
                                                                   nanoseconds patience, CoolDown honour) {
  const nanoseconds begin = clock_.since_boot();
  while (!stop.stop_requested()) {
    nanoseconds wait = poll_step;
    const Turn turn = try_lock();
    State state;
    bool is_ours = turn.ours;
    if (turn.ours) {
      state = load(turn.file);
      is_ours = take_group_turn(state);
      if (!is_ours) {
        wait = group_poll_step;
        unlock_machine(turn.file);
      }
    }
    const nanoseconds now = clock_.since_boot();
    if (is_ours) {
      const nanoseconds cool_down =
          honour == CoolDown::honoured ? wait_of_cool_down(state, now) : nanoseconds::zero();
      wait = std::max(cool_down, wait_of_interval(state, now));
      if (wait == nanoseconds::zero()) {
        state.last_start = now;
        store(turn.file, state);
        return Permit(*this, turn.file);
      }
      // Nobody waits with the lock in hand: the others may have less patience, and want to say so.
      unlock(turn.file);
      if (now - begin + cool_down > patience && cool_down > nanoseconds::zero()) {
        const seconds left = rounded_up(cool_down);
        return tl::unexpected(FetchError{
            .code = FetchError::Code::rate_limited,
            .message = group_ + " asked for a pause; try again in " + std::to_string(left.count()) + " s",
            .retry_after = left});
      }
    }
    // Without the lock, or with it but always a moment after another process.
    if (now - begin > limits_.turn_max) {
      return tl::unexpected(FetchError{.code = FetchError::Code::rate_limited,
                                       .message = "other programs have kept " + group_ + " busy for " +
                                                  std::to_string(limits_.turn_max.count()) + " s (lock on " +
                                                  path_.string() + ")"});
    }
    if (!clock_.sleep_for(wait, stop)) break;
  }
  return tl::unexpected(
      FetchError{.code = FetchError::Code::cancelled, .message = "cancelled while waiting for " + group_});
}

nanoseconds RateLimiter::wait_of_interval(const State& state, nanoseconds now) const {
  if (!state.last_start) return nanoseconds::zero();
  if (*state.last_start > now) return nanoseconds::zero();  // cannot be
  return std::max(*state.last_start + limits_.interval - now, nanoseconds::zero());
}

nanoseconds RateLimiter::wait_of_cool_down(const State& state, nanoseconds now) const {
  const nanoseconds left = state.cool_down_end - now;
  // No pause that we ever set is longer.
  if (left > std::max(limits_.cool_down_max, limits_.retry_after_max)) return nanoseconds::zero();
  return std::max(left, nanoseconds::zero());
}

int RateLimiter::open_state() const {
  return open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

RateLimiter::Turn RateLimiter::try_lock() {
  {
    const std::lock_guard guard(mutex_);
    if (own_locked_) return Turn{};
  }
  int file = open_state();
  if (file < 0 && errno == ENOENT) {
    std::error_code failed;
    std::filesystem::create_directories(path_.parent_path(), failed);
    if (failed) return try_lock_own(failed.message());
    file = open_state();
  }
  if (file < 0) return try_lock_own(std::strerror(errno));

  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    close(file);
    if (reason == EWOULDBLOCK || reason == EINTR) return Turn{};
    return try_lock_own(std::strerror(reason));
  }
  // Somebody may have deleted the file between the two calls; then the lock is on nothing.
  struct stat status {};
  if (fstat(file, &status) != 0 || status.st_nlink == 0) {
    close(file);
    return Turn{};
  }
  return Turn{true, file};
}

RateLimiter::Turn RateLimiter::try_lock_own(const std::string& reason) {
  set_shared_error("requests are paced for this process alone: cannot use " + path_.string() + ": " + reason);
  const std::lock_guard guard(mutex_);
  if (own_locked_) return Turn{};
  own_locked_ = true;
  return Turn{true, -1};
}

void RateLimiter::set_shared_error(std::string error) {
  bool news = false;
  {
    const std::lock_guard guard(mutex_);
    news = !error.empty() && !warned_;
    warned_ = warned_ || news;
    shared_error_ = error;
  }
  if (news && warn_) warn_(error);
}

bool RateLimiter::take_group_turn(State& state) {
  if (pace_ == nullptr) return true;
  const auto theirs = pace_->try_turn(group_);
  if (!theirs) {
    leave_group(theirs.error());
    return true;
  }
  if (!*theirs) return false;
  const SharedPace::State& shared = **theirs;
  const nanoseconds now = clock_.since_boot();
  // An optional that is empty is less than any other.
  if (shared.since_start)
    state.last_start = std::max(state.last_start, std::optional(now - *shared.since_start));
  state.cool_down_end = std::max(state.cool_down_end, now + shared.cool_down_left);
  state.refusals = std::max(state.refusals, std::min(shared.refusals, refusals_max));
  return true;
}

void RateLimiter::leave_group(const std::string& why) {
  pace_ = nullptr;
  if (warn_) warn_("requests are paced for this machine alone: " + why);
}

void RateLimiter::unlock(int file) {
  if (pace_ != nullptr) pace_->end_turn(group_);
  unlock_machine(file);
}

void RateLimiter::unlock_machine(int file) {
  if (file >= 0) {
    close(file);  // releases the lock too
    return;
  }
  const std::lock_guard guard(mutex_);
  assert(own_locked_);
  own_locked_ = false;
}

RateLimiter::State RateLimiter::load(int file) const {
  const std::lock_guard guard(mutex_);
  if (file < 0) return own_state_;
  const State shared = parse_state(read_front(file, state_bytes_max));
  // Each turn has a later start than the one before. Ours is the later one if it could not be written.
  return own_state_.last_start > shared.last_start ? own_state_ : shared;
}

RateLimiter::State RateLimiter::parse_state(const std::string& line) const {
  // "bibsmith-rate-1 BOOT-ID LAST-START COOL-DOWN-END REFUSALS\n", times in ns since boot
  if (line.empty() || line.back() != '\n') return State{};
  std::string_view text(line.data(), line.size() - 1);
  if (take_word(text) != magic || take_word(text) != boot_id_) return State{};
  const auto last_start = take_number(text);
  const auto cool_down_end = take_number(text);
  const auto refusals = take_number(text);
  if (!last_start || !cool_down_end || !refusals || !text.empty()) return State{};
  return State{nanoseconds(*last_start), nanoseconds(*cool_down_end),
               static_cast<std::uint32_t>(std::min<std::int64_t>(*refusals, refusals_max))};
}

void RateLimiter::store(int file, const State& state) {
  {
    // Kept beside the file: should that become unwritable the pace goes on.
    const std::lock_guard guard(mutex_);
    own_state_ = state;
  }
  if (pace_ != nullptr) {
    const nanoseconds now = clock_.since_boot();
    SharedPace::State shared;
    if (state.last_start) shared.since_start = std::max(now - *state.last_start, nanoseconds::zero());
    shared.cool_down_left = std::max(state.cool_down_end - now, nanoseconds::zero());
    shared.refusals = state.refusals;
    if (const auto written = pace_->write(group_, shared); !written) leave_group(written.error());
  }
  if (file < 0) return;
  std::string line(magic);
  line += " " + boot_id_ + " " + std::to_string(state.last_start.value_or(nanoseconds::zero()).count()) +
          " " + std::to_string(state.cool_down_end.count()) + " " + std::to_string(state.refusals) + "\n";
  const bool written = pwrite(file, line.data(), line.size(), 0) == static_cast<ssize_t>(line.size()) &&
                       ftruncate(file, static_cast<off_t>(line.size())) == 0;
  set_shared_error(written ? std::string{}
                           : "requests are paced for this process alone: cannot write " + path_.string() +
                                 ": " + std::strerror(errno));
}

RateLimiter::Permit::Permit(Permit&& other) noexcept
    : limiter_(std::exchange(other.limiter_, nullptr)), file_(other.file_) {}

RateLimiter::Permit::~Permit() {
  if (limiter_ != nullptr) limiter_->unlock(file_);
}

void RateLimiter::Permit::sent(nanoseconds earliest, nanoseconds latest) {
  assert(limiter_ != nullptr);
  State state = limiter_->load(file_);
  // The way to the server differs from request to request, which may shorten the interval that it sees.
  // How much of the time between was the way is not known; a twentieth of the interval is spent on it at
  // most.
  const nanoseconds way_max = limiter_->limits_.interval / 20;
  const nanoseconds start = earliest + std::clamp(latest - earliest, nanoseconds::zero(), way_max);
  if (start <= state.last_start) return;
  state.last_start = start;
  limiter_->store(file_, state);
}

seconds RateLimiter::Permit::cool_down(std::optional<seconds> retry_after) {
  assert(limiter_ != nullptr);
  const RateLimits& limits = limiter_->limits_;
  State state = limiter_->load(file_);
  seconds pause;
  if (retry_after) {
    pause = std::clamp(*retry_after, seconds(1), limits.retry_after_max);
  } else {
    pause = std::min(limits.cool_down_first * (1u << state.refusals), limits.cool_down_max);
  }
  state.refusals = std::min(state.refusals + 1, refusals_max);
  state.cool_down_end = limiter_->clock_.since_boot() + pause;
  limiter_->store(file_, state);
  return pause;
}

void RateLimiter::Permit::answered() {
  assert(limiter_ != nullptr);
  State state = limiter_->load(file_);
  if (state.refusals == 0) return;
  state.refusals = 0;
  limiter_->store(file_, state);
}

}  // namespace bibsmith::fetchers
