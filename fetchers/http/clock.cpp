#include "fetchers/http/clock.hpp"

#include <condition_variable>
#include <mutex>
#include <time.h>

namespace bibsmith::fetchers {

namespace {

// A timer wakes a thread about a fifth of a millisecond late, which an update would pay with each of its
// requests. So the last part of a span is waited awake.
constexpr std::chrono::microseconds awake_time{250};

}  // namespace

std::chrono::nanoseconds SystemClock::since_boot() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::chrono::sys_seconds SystemClock::calendar() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

bool SystemClock::sleep_for(std::chrono::nanoseconds span, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  if (span <= std::chrono::nanoseconds::zero()) return true;
  const auto until = std::chrono::steady_clock::now() + span;
  // Nobody notifies: the wait ends by time, or by the stop request.
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait_until(lock, stop, until - awake_time, [] { return false; });
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < until) {
  }
  return !stop.stop_requested();
}

}  // namespace bibsmith::fetchers
