#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/catch.hpp"

namespace bibsmith::testing {

// Whether a program is installed; says so in the test's output if it is not.
inline bool has_program(const std::string& name) {
  if (std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0) return true;
  WARN(name << " is not installed: not tested");
  return false;
}

// What a shell command prints; the test fails if the command does.
inline std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char buffer[4096];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  INFO(command);
  CHECK(::pclose(pipe) == 0);
  return out;
}

}  // namespace bibsmith::testing
