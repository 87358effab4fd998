#pragma once

#include <string>

namespace bibsmith::emulator {

// What an endpoint answers, before any fault is applied. Plain values: endpoints do no I/O.
struct Answer {
  int status = 200;
  std::string content_type;
  std::string body;
};

}  // namespace bibsmith::emulator
