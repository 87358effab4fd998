#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace bibsmith::testing {

// The lines of a file of the data that is kept beside the repository; none, and a warning, where it is not.
inline std::vector<std::string> shared_rows(const std::string& name) {
  std::vector<std::string> rows;
  std::ifstream file("../../shared/data/" + name);
  for (std::string line; std::getline(file, line);) rows.push_back(line);
  if (rows.empty()) WARN("no ../shared/data/" << name << ": nothing compared");
  return rows;
}

}  // namespace bibsmith::testing
