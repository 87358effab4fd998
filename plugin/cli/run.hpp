#pragma once

#include <cstdio>

#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// The whole program but for main(): tests call it with streams and an environment of their own.
int run_command_line(int argc, const char* const* argv, const Environment& environment, std::FILE* in,
                     std::FILE* out, std::FILE* err);

}  // namespace bibsmith::plugin
