#include "plugin/session/plugin_services.hpp"

#include <utility>

#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

namespace {

constexpr int http_ok = 200;

}  // namespace

tl::expected<PluginResponse, FetchError> SessionPluginServices::get(const PluginRequest& request,
                                                                    const std::stop_token& stop) {
  const fetchers::Subject subject{"plugin:" + request.plugin, request.url + '\n' + request.accept};
  const auto now = std::chrono::floor<std::chrono::seconds>(session_.clock().calendar());
  const bool is_offline = session_.settings().offline;
  fetchers::Store* store = session_.store();
  if (store != nullptr) {
    // Offline, an old answer is better than none.
    const auto oldest = is_offline ? std::chrono::sys_seconds{} : now - session_.settings().cache_fresh;
    auto found = store->find(subject, oldest);
    if (found && *found) return PluginResponse{http_ok, std::move((*found)->body)};
  }
  auto response = session_.send_for_plugin(request, stop);
  if (!response) return tl::unexpected(response.error());
  if (store != nullptr && response->status == http_ok) {
    const fetchers::StoredAnswer answer{subject, true, {subject.source, request.url, now}, response->body};
    if (const auto kept = store->keep({&answer, 1}); !kept) session_.warn(kept.error().message);
  }
  return PluginResponse{response->status, std::move(response->body)};
}

void SessionPluginServices::warn(std::string_view line) { session_.warn(line); }

}  // namespace bibsmith::plugin
