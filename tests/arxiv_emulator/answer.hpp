#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bibsmith::emulator {

// What an endpoint answers, before any fault is applied. Plain values: endpoints do no I/O.
struct Answer {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace bibsmith::emulator
