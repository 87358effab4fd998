#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

struct Run {
  int status = -1;
  std::string out;
  std::string err;
};

// The command line in a world of its own: a folder for cache and state, and arXiv's emulator with the sample.
class CliProgram {
 public:
  explicit CliProgram(std::vector<std::string> faults = {},
                      std::chrono::milliseconds interval = std::chrono::milliseconds(20));

  // `bibsmith ARGUMENTS...` with `input` on standard input.
  Run run(std::vector<std::string> arguments, const std::string& input = {});

  emulator::Emulator& arxiv() { return emulator_; }
  const TempDir& dir() const { return dir_; }
  std::string path(std::string_view name) const { return dir_ / name; }
  std::map<std::string, std::string>& environment() { return environment_; }

 private:
  TempDir dir_;
  emulator::Emulator emulator_;
  std::map<std::string, std::string> environment_;
};

}  // namespace bibsmith::testing
