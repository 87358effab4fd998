#pragma once

#include <chrono>
#include <string>

namespace bibsmith::plugin {

// "2026-11-26T18:00:00Z".
std::string time_of(std::chrono::sys_seconds time);

}  // namespace bibsmith::plugin
