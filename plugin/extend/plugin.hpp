#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "plugin/extend/plugin_file.hpp"
#include "plugin/extend/plugin_process.hpp"
#include "plugin/extend/plugin_services.hpp"

namespace bibsmith::plugin {

// What a plugin says of itself.
struct PluginDescription {
  struct Fetcher {
    std::vector<std::string> schemes;  // in lower case, without the colon
    std::size_t ids_max = 1;
  };
  std::string title;
  std::string version;
  std::string description;
  std::string url;
  std::string license;
  std::chrono::milliseconds interval{0};  // between two requests to its server
  std::optional<Fetcher> fetcher;
  std::string exporter;  // the format that it writes; empty: none
  std::string importer;  // the format that it reads
  bool makes_keys = false;
  bool resolves = false;
  bool normalizes = false;
  int normalizer_order = 0;
};

// The names of the extensions that it has, as the protocol spells them.
std::vector<std::string> extensions_of(const PluginDescription& description);

// The text of a plugin as its description; an error is what is wrong with it.
tl::expected<PluginDescription, std::string> read_description(const nlohmann::ordered_json& answer);

// One plugin, started when it is first asked something. docs/plugins.md has the protocol. A plugin that broke
// the rules is started again for the next question, but not for ever. [one thread at a time]
class Plugin {
 public:
  // What is given outlives this.
  Plugin(PluginFile file, const PluginSettings& settings, PluginServices& services);

  const PluginFile& file() const { return file_; }
  // nullptr: it cannot be used; problem() says why.
  const PluginDescription* description();
  const std::string& problem() const { return problem_; }

  // Messages begin with the plugin's name.
  tl::expected<nlohmann::ordered_json, FetchError> call(const std::string& method,
                                                        const nlohmann::ordered_json& parameters,
                                                        const std::stop_token& stop);

 private:
  using Result = tl::expected<nlohmann::ordered_json, FetchError>;

  Result start();
  Result serve(const std::string& method, const nlohmann::ordered_json& parameters,
               const std::stop_token& stop);
  FetchError named(FetchError error) const;

  PluginFile file_;
  const PluginSettings& settings_;
  PluginServices& services_;
  std::unique_ptr<PluginProcess> process_;
  int starts_ = 0;
  bool is_described_ = false;
  std::optional<PluginDescription> description_;
  std::string problem_;
};

}  // namespace bibsmith::plugin
