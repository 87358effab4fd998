#pragma once

#include <chrono>
#include <stop_token>

namespace bibsmith::fetchers {

// Time, so that tests can wind it by hand. [any thread]
class Clock {
 public:
  virtual ~Clock() = default;

  // Never jumps; the same for all processes since the machine started, suspend included
  // (CLOCK_BOOTTIME).
  virtual std::chrono::nanoseconds since_boot() const = 0;
  // The calendar, which the user may set at any time.
  virtual std::chrono::sys_seconds calendar() const = 0;
  // Returns false as soon as `stop` is requested.
  virtual bool sleep_for(std::chrono::nanoseconds span, std::stop_token stop) = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  std::chrono::nanoseconds since_boot() const override;
  std::chrono::sys_seconds calendar() const override;
  bool sleep_for(std::chrono::nanoseconds span, std::stop_token stop) override;
};

}  // namespace bibsmith::fetchers
