#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::plugin {

inline constexpr std::size_t plugins_max = 64;

// What the user says of plugins, and only the user: docs/plugins.md.
struct PluginSettings {
  std::vector<std::string> load;         // names, or absolute paths of files
  std::vector<std::string> path;         // BIBSMITH_PLUGIN_PATH: files, and folders of which all is loaded
  std::vector<std::string> directories;  // where names are looked for, first match
  std::map<std::string, std::string> config;  // [plugin.NAME] as a JSON object
  std::chrono::milliseconds time_limit{60'000};
  std::string program;  // bibsmith itself, which runs shared objects; empty: that of the PATH

  bool names_any() const { return !load.empty() || !path.empty(); }
};

// A file that the user has named. What it is called comes from its file name: "demo" of demo.so, libdemo.so,
// bibsmith-plugin-demo and bibsmith-plugin-demo.py.
struct PluginFile {
  enum class Kind : std::uint8_t { shared_object, program };
  std::string name;
  std::string path;  // symbolic links resolved
  Kind kind = Kind::program;
  std::string problem;  // why it cannot be used, one line; empty: it can
};

// The files in the order of the settings, each name once. What was named and is not there, or is not to be
// trusted, comes with its problem.
std::vector<PluginFile> find_plugins(const PluginSettings& settings);

// A file that another user could have written, or could replace, is not run. Why not, in one line; empty: the
// file and all folders above it belong to this user or to root, and nobody else may write to them (a folder
// with the sticky bit, like /tmp, is as good).
std::string trust_problem(const std::string& path);

}  // namespace bibsmith::plugin
