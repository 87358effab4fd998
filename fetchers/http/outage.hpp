#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/rate_limiter.hpp"

namespace bibsmith::fetchers {

// How long it is remembered that no server could be reached.
inline constexpr std::chrono::seconds outage_lasts{60};

// Remembers, for all processes of the machine, that no server could be reached: who must not lose time asks
// once, and then not again for outage_lasts. Kept in the file `directory`/`group`.rate; where that cannot be
// used, for this object alone. [any thread]
class Outage {
 public:
  Outage(const std::filesystem::path& directory, std::string_view group, Clock& clock);

  // How long nobody is asked. Zero: nothing is remembered.
  std::chrono::seconds left();
  void begin();

 private:
  RateLimiter limiter_;  // without an interval: of its cool-down alone
};

}  // namespace bibsmith::fetchers
