#pragma once

#include "plugin/extend/plugin_services.hpp"

namespace bibsmith::plugin {

class Session;

// Plugins ask the network as we do: the cache first, then at the pace of the server, never in offline mode.
class SessionPluginServices final : public PluginServices {
 public:
  // The session outlives this.
  explicit SessionPluginServices(Session& session) : session_(session) {}

  tl::expected<PluginResponse, FetchError> get(const PluginRequest& request,
                                               const std::stop_token& stop) override;
  void warn(std::string_view line) override;

 private:
  Session& session_;
};

}  // namespace bibsmith::plugin
