#include "plugin/http/serve.hpp"

#include <memory>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

#include "plugin/http/cayw.hpp"
#include "plugin/http/http_access.hpp"
#include "plugin/http/library_pages.hpp"
#include "plugin/http/open_page.hpp"
#include "plugin/http/service_pages.hpp"
#include "plugin/http/stream_server.hpp"
#include "plugin/http/unix_server.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::chrono::seconds group_drain{10};

std::string problem_of(const ServeOptions& options) {
  const bool is_group = !options.tokens_file.empty();
  if (options.cayw && !options.http) return "--cayw needs --http";
  if (is_group && !options.http) return "--tokens needs --http";
  // Behind a proxy everybody would be a program of this machine.
  if (is_group && options.cayw) return "--cayw is for one person: not with --tokens";
  if (options.log && !is_group) return "--log needs --tokens";
  if (!options.http) return {};
  if (options.http->requests_a_minute > 0 && !is_group) return "--rate needs --tokens";
  if (!options.http->public_url.empty() && !is_public_url(options.http->public_url)) {
    return "--public-url has a scheme and a host in lower case, and no path: https://bib.example.org";
  }
  return {};
}

tl::expected<HttpOptions, std::string> http_options(const ServeOptions& options, ServiceWatch& watch) {
  HttpOptions http = *options.http;
  http.watch = &watch;
  if (options.tokens_file.empty()) return http;
  auto tokens = read_tokens(options.tokens_file);
  if (!tokens) return tl::unexpected(tokens.error());
  http.tokens = *std::move(tokens);
  http.group_files = options.libraries;
  http.patience.drain = group_drain;
  return http;
}

}  // namespace

std::string serve(const Settings& settings, const Environment& environment, const ServeOptions& options,
                  const Tell& tell, const std::stop_token& stop) {
  if (std::string problem = problem_of(options); !problem.empty()) return problem;
  ServiceWatch watch(options.log);
  std::mutex mutex;
  const auto say = [&](std::string_view level, std::string_view line) {
    if (watch.has_log()) return watch.said(level, line);
    const std::lock_guard lock(mutex);
    tell(std::string(line));
  };
  const auto warn = [&](std::string_view line) { say("warning", line); };
  const auto inform = [&](const std::string& line) { say("info", line); };
  SessionPool sessions([&] {
    auto session = std::make_unique<Session>(settings, warn);
    session->count_store(watch.store());
    return session;
  });
  if (!options.socket && !options.http) return serve_stream(STDIN_FILENO, STDOUT_FILENO, sessions, stop);

  std::optional<UnixServer> socket;
  if (options.socket) {
    auto opened =
        UnixServer::open(options.socket->empty() ? socket_path(settings, environment) : *options.socket);
    if (!opened) return opened.error();
    socket.emplace(*std::move(opened));
    inform("serving JSON-RPC on " + socket->path());
  }
  std::optional<HttpServer> http;
  if (options.http) {
    auto complete = http_options(options, watch);
    if (!complete) return complete.error();
    auto opened = HttpServer::open(*complete, sessions);
    if (!opened) return opened.error();
    http.emplace(*std::move(opened));
    add_service_pages(*http, sessions, watch);
    add_library_pages(*http, sessions, options.libraries);
    if (options.cayw) {
      add_cayw(*http, sessions, options.libraries,
               [browser = environment("BROWSER").value_or("")](const std::string& url) {
                 return open_page(browser, url);
               });
    }
    inform("serving " + http->url());
  }
  std::vector<std::jthread> servers;
  if (socket) servers.emplace_back([&] { socket->run(sessions, stop); });
  if (http) servers.emplace_back([&] { http->run(stop); });
  servers.clear();  // waits for them
  if (watch.has_log()) inform("ended");
  return {};
}

}  // namespace bibsmith::plugin
