#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace bibsmith::plugin {

enum class Waited : std::uint8_t { ready, stopped, late };

// Waits for descriptors, and ends when a stop is requested or it is late. [one thread at a time]
class Waiter {
 public:
  using Clock = std::chrono::steady_clock;
  using Deadline = std::optional<Clock::time_point>;  // none: for ever

  Waiter() = default;
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Until `descriptor` is ready for `events` of poll(); 0: until its other end is gone.
  Waited wait(int descriptor, short events, const std::stop_token& stop, const Deadline& deadline = {});

 private:
  int wake_ = -1;  // an eventfd, made when there is first something to wait for
};

}  // namespace bibsmith::plugin
