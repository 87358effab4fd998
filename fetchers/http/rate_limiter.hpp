#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/record/fetcher.hpp"
#include "fetchers/record/shared_pace.hpp"

namespace bibsmith::fetchers {

struct RateLimits {
  // Between the starts of two requests (arXiv: info.arxiv.org/help/api/tou.html).
  std::chrono::milliseconds interval{3000};
  // After a refusal that names no time: the first pause, doubled with each refusal in a row.
  std::chrono::seconds cool_down_first{30};
  std::chrono::seconds cool_down_max{10 * 60};
  // A Retry-After beyond this is cut.
  std::chrono::seconds retry_after_max{60};
  // How long another process may keep us from our turn.
  std::chrono::seconds turn_max{10 * 60};
};

// Lets one request at a time through, `interval` apart, for all processes of the machine together.
//
// The processes share the file `directory`/`group`.rate: whoever holds its lock may talk to the servers of
// the group; it also keeps the last start and the cool-down, in time since boot, with the boot's id. The
// lock is the kernel's, so that a killed process leaves none behind. A damaged file, or one of another
// boot, counts as empty, and no stamp delays a request longer than the limits above allow. Where
// the file cannot be used the limits hold for this object alone, and shared_error() says why.
// [any thread]
class RateLimiter {
 public:
  // The right to send one request, held until its answer is complete. Must not outlive the limiter.
  class Permit {
   public:
    Permit(Permit&& other) noexcept;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

    // The request left and reached the server between these times since boot: until then it was being
    // prepared. The interval counts from there. Without this call it counts from acquire().
    void sent(std::chrono::nanoseconds earliest, std::chrono::nanoseconds latest);
    // The server refused (429, 503): nobody asks again before the pause is over. Returns the pause.
    std::chrono::seconds cool_down(std::optional<std::chrono::seconds> retry_after);
    // The server answered: the next refusal is again a first one.
    void answered();

   private:
    friend class RateLimiter;
    Permit(RateLimiter& limiter, int file) : limiter_(&limiter), file_(file) {}

    RateLimiter* limiter_;  // nullptr: moved from
    int file_;              // locked; -1: the limiter's own memory is used
  };

  using Warn = std::function<void(std::string_view)>;

  // Reads and creates nothing yet. `group` names the file: letters, digits, '-' and '.'. `warn` is told once
  // if the limits cannot be shared.
  RateLimiter(const std::filesystem::path& directory, std::string_view group, Clock& clock,
              RateLimits limits = {}, Warn warn = {});

  // From now on the limits hold for all who share `pace` too, which outlives the limiter. If that fails
  // `warn` is told, and they hold for this machine. Before the first acquire().
  void share(SharedPace& pace) { pace_ = &pace; }

  // Waits for our turn. Errors: cancelled; rate_limited when a cool-down lasts longer than `patience`
  // (then retry_after tells how long), or when other processes never let us in.
  tl::expected<Permit, FetchError> acquire(const std::stop_token& stop, std::chrono::nanoseconds patience);
  // The same for a server that shares the pace and not the cool-down: only the interval is waited for.
  tl::expected<Permit, FetchError> acquire_turn(const std::stop_token& stop);

  // Why the limits are not shared with other processes; empty: they are, or nothing was asked yet.
  std::string shared_error() const;

 private:
  struct State {
    std::optional<std::chrono::nanoseconds> last_start;  // since boot
    std::chrono::nanoseconds cool_down_end{};            // since boot
    std::uint32_t refusals = 0;                          // in a row
  };

  struct Turn;  // the lock, if we got it

  enum class CoolDown : std::uint8_t { honoured, ignored };

  tl::expected<Permit, FetchError> acquire(const std::stop_token& stop, std::chrono::nanoseconds patience,
                                           CoolDown honour);
  int open_state() const;
  Turn try_lock();
  Turn try_lock_own(const std::string& reason);
  void set_shared_error(std::string error);
  // Of who has the turn of this machine. False: another machine has that of the group.
  bool take_group_turn(State& state);
  void leave_group(const std::string& why);
  void unlock(int file);
  void unlock_machine(int file);
  State load(int file) const;
  State parse_state(const std::string& line) const;
  void store(int file, const State& state);
  std::chrono::nanoseconds wait_of_interval(const State& state, std::chrono::nanoseconds now) const;
  std::chrono::nanoseconds wait_of_cool_down(const State& state, std::chrono::nanoseconds now) const;

  std::filesystem::path path_;
  std::string group_;
  Clock& clock_;
  RateLimits limits_;
  Warn warn_;
  std::string boot_id_;
  SharedPace* pace_ = nullptr;  // used by who has the turn of this machine; nullptr: none, or it failed

  mutable std::mutex mutex_;  // of what follows
  std::string shared_error_;
  bool warned_ = false;
  State own_state_;
  bool own_locked_ = false;
};

}  // namespace bibsmith::fetchers
