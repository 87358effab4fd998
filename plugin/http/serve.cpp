#include "plugin/http/serve.hpp"

#include <memory>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

#include "plugin/http/cayw.hpp"
#include "plugin/http/library_pages.hpp"
#include "plugin/http/open_page.hpp"
#include "plugin/http/stream_server.hpp"
#include "plugin/http/unix_server.hpp"

namespace bibsmith::plugin {

std::string serve(const Settings& settings, const Environment& environment, const ServeOptions& options,
                  const Tell& tell, const std::stop_token& stop) {
  std::mutex mutex;
  const auto warn = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    tell(std::string(line));
  };
  SessionPool sessions([&] { return std::make_unique<Session>(settings, warn); });
  if (options.cayw && !options.http) return "--cayw needs --http";
  if (!options.socket && !options.http) return serve_stream(STDIN_FILENO, STDOUT_FILENO, sessions, stop);

  std::optional<UnixServer> socket;
  if (options.socket) {
    auto opened =
        UnixServer::open(options.socket->empty() ? socket_path(settings, environment) : *options.socket);
    if (!opened) return opened.error();
    socket.emplace(*std::move(opened));
    warn("serving JSON-RPC on " + socket->path());
  }
  std::optional<HttpServer> http;
  if (options.http) {
    auto opened = HttpServer::open(*options.http, sessions);
    if (!opened) return opened.error();
    http.emplace(*std::move(opened));
    add_library_pages(*http, sessions, options.libraries);
    if (options.cayw) {
      add_cayw(*http, sessions, options.libraries,
               [browser = environment("BROWSER").value_or("")](const std::string& url) {
                 return open_page(browser, url);
               });
    }
    warn("serving " + http->url());
  }
  std::vector<std::jthread> servers;
  if (socket) servers.emplace_back([&] { socket->run(sessions, stop); });
  if (http) servers.emplace_back([&] { http->run(stop); });
  servers.clear();  // waits for them
  return {};
}

}  // namespace bibsmith::plugin
