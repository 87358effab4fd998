#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <vector>

#include "fetchers/http/clock.hpp"

namespace bibsmith::testing {

// A clock that stands still but for sleep_for(), which returns at once. One thread at a time.
class FakeClock final : public fetchers::Clock {
 public:
  std::chrono::nanoseconds now{std::chrono::hours(1)};  // since boot
  std::chrono::sys_seconds today = std::chrono::sys_days{std::chrono::year{2026} / 5 / 12};
  std::vector<std::chrono::nanoseconds> sleeps;
  std::function<void()> on_sleep;  // runs at the start of each sleep

  std::chrono::nanoseconds since_boot() const override { return now; }
  std::chrono::sys_seconds calendar() const override {
    return today + std::chrono::floor<std::chrono::seconds>(now - std::chrono::hours(1));
  }
  bool sleep_for(std::chrono::nanoseconds span, std::stop_token stop) override {
    sleeps.push_back(span);
    if (on_sleep) on_sleep();
    if (stop.stop_requested()) return false;
    now += span;
    return true;
  }

  std::chrono::nanoseconds slept() const {
    std::chrono::nanoseconds sum{};
    for (const auto span : sleeps) sum += span;
    return sum;
  }
};

}  // namespace bibsmith::testing
