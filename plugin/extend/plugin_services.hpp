#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"

namespace bibsmith::plugin {

// An HTTP request that a plugin wants answered.
struct PluginRequest {
  std::string plugin;  // its name
  std::string url;
  std::string accept;
  std::chrono::milliseconds interval{};  // that the plugin asks for between two requests
};

struct PluginResponse {
  int status = 0;
  std::string body;
};

// What the host does for plugins. They come through here, so that a plugin cannot be less polite than we are.
// [one thread at a time]
class PluginServices {
 public:
  virtual ~PluginServices() = default;

  virtual tl::expected<PluginResponse, FetchError> get(const PluginRequest& request,
                                                       const std::stop_token& stop) = 0;
  // One line of printable text.
  virtual void warn(std::string_view line) = 0;
};

}  // namespace bibsmith::plugin
