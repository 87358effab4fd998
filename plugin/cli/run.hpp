#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "plugin/cli/arguments.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// Commands that other skins carry out: no skin knows another, the program brings them together. Each runs
// until it is done or `stop` is requested, and returns what went wrong in one line; empty: nothing.
struct OtherSkins {
  using Tell = std::function<void(const std::string& line)>;

  std::function<std::string(const Settings& settings, const Environment& environment,
                            const ServeArguments& arguments, const Tell& tell, const std::stop_token& stop)>
      serve;
  // Returns the status of the process.
  std::function<int(const Settings& settings, const std::stop_token& stop)> lsp;
};

// The whole program but for main(): tests call it with streams and an environment of their own. Where the
// process ends behind it, `remains` is what is never freed; nullptr: all is freed in here.
int run_command_line(int argc, const char* const* argv, const Environment& environment, std::FILE* in,
                     std::FILE* out, std::FILE* err, const OtherSkins& others = {},
                     std::vector<std::shared_ptr<void>>* remains = nullptr);

}  // namespace bibsmith::plugin
