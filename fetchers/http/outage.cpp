#include "fetchers/http/outage.hpp"

namespace bibsmith::fetchers {

namespace {

RateLimits limits() {
  RateLimits limits;
  limits.interval = std::chrono::milliseconds{0};
  limits.cool_down_first = outage_lasts;
  limits.cool_down_max = outage_lasts;
  return limits;
}

}  // namespace

Outage::Outage(const std::filesystem::path& directory, std::string_view group, Clock& clock)
    : limiter_(directory, group, clock, limits()) {}

std::chrono::seconds Outage::left() {
  const auto permit = limiter_.acquire({}, std::chrono::nanoseconds::zero());
  return permit ? std::chrono::seconds{0} : permit.error().retry_after.value_or(std::chrono::seconds{0});
}

void Outage::begin() {
  auto permit = limiter_.acquire({}, std::chrono::nanoseconds::zero());
  if (permit) permit->cool_down(std::nullopt);
}

}  // namespace bibsmith::fetchers
