#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

namespace bibsmith::testing {

// The rows of a file of real data that lies beside the repository, not in it. Where it is absent, the test
// says so and passes.
inline std::vector<nlohmann::json> shared_rows(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path("../../shared/data") / name;
  std::vector<nlohmann::json> rows;
  std::ifstream in(path);
  if (!in) {
    WARN("no " << path.string() << ": nothing to compare with");
    return rows;
  }
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) rows.push_back(nlohmann::json::parse(line));
  }
  return rows;
}

}  // namespace bibsmith::testing
