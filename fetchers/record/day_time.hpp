#pragma once

#include <chrono>

#include "fetchers/record/date.hpp"

namespace bibsmith {

// The first second of a day, UTC; 1970 for one that is not known to the day. [any thread]
inline std::chrono::sys_seconds begin_of(const Date& date) {
  using namespace std::chrono;
  if (date.day == 0) return {};
  return sys_days(year{date.year} / month{date.month} / day{date.day});
}

}  // namespace bibsmith
