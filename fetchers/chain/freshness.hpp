#pragma once

#include <chrono>

namespace bibsmith::fetchers {

// How long an answer is used without asking again.
struct Freshness {
  // arXiv's results change once a day (info.arxiv.org/help/api/tou.html).
  std::chrono::seconds newest{std::chrono::hours(24)};
  std::chrono::seconds missing{std::chrono::hours(24)};
};

}  // namespace bibsmith::fetchers
