#include "plugin/http/http_server.hpp"

#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <utility>

#include <httplib.h>

#include "plugin/rpc/json_rpc.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t threads = 16;
constexpr std::time_t idle_seconds = 5;

// Zotero and JabRef's HTTP server; JabRef's language server.
constexpr std::array<std::uint16_t, 2> ports_of_others = {23119, 2087};

std::string random_token() {
  std::random_device random;  // getrandom() or the processor's generator
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  while (token.size() < 32) {
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4) token += digits[bits & 15];
  }
  return token;
}

// How long it takes tells nothing of where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

void refuse(httplib::Response& response, int status, const std::string& why) {
  response.status = status;
  response.set_content(why + "\n", "text/plain");
}

}  // namespace

struct HttpServer::Parts {
  httplib::Server server;
  SessionPool& sessions;
  std::string token;
  std::uint16_t port = 0;
  std::stop_source stop;

  explicit Parts(SessionPool& pool) : sessions(pool) {}

  bool is_own_host(const std::string& host) const {
    const std::string suffix = ":" + std::to_string(port);
    return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
  }

  // Nothing behind this sees a request of a foreign page.
  bool is_welcome(const httplib::Request& request) const {
    if (request.get_header_value_count("Host") != 1 || !is_own_host(request.get_header_value("Host")))
      return false;
    const std::string origin = request.get_header_value("Origin");
    constexpr std::string_view scheme = "http://";
    return origin.empty() || (origin.starts_with(scheme) && is_own_host(origin.substr(scheme.size())));
  }

  bool has_token(const httplib::Request& request) const {
    return equal_in_constant_time(request.get_header_value("Authorization"), "Bearer " + token);
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    if (!has_token(request)) return refuse(response, 401, "the token is missing or wrong");
    // A form of a foreign page cannot send this type without asking first.
    if (!request.get_header_value("Content-Type").starts_with("application/json")) {
      return refuse(response, 415, "send application/json");
    }
    const RpcMessage message = read_message(request.body);
    const SessionPool::Lease session = sessions.take();
    std::vector<std::string> responses;
    for (const RpcRequest& one : message.requests) {
      const MethodResult result = call(one, {*session, stop.get_token(), {}});
      if (one.id) responses.push_back(response_to(one, result));
    }
    if (responses.empty()) {
      response.status = 204;
      return;
    }
    response.set_content(message.is_batch ? batch_of(responses) : responses.front(), "application/json");
  }
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() = default;
HttpServer::HttpServer(HttpServer&&) noexcept = default;

std::uint16_t HttpServer::port() const { return parts_->port; }
const std::string& HttpServer::token() const { return parts_->token; }
std::string HttpServer::url() const {
  return "http://127.0.0.1:" + std::to_string(parts_->port) + "/#token=" + parts_->token;
}

tl::expected<HttpServer, std::string> HttpServer::open(const HttpOptions& options, SessionPool& sessions) {
  for (const std::uint16_t taken : ports_of_others) {
    if (options.port == taken) {
      return tl::unexpected("port " + std::to_string(taken) + " is that of Zotero or JabRef; take another");
    }
  }
  auto parts = std::make_unique<Parts>(sessions);
  httplib::Server& server = parts->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  server.set_payload_max_length(message_bytes_max);
  server.set_keep_alive_timeout(idle_seconds);
  server.set_pre_routing_handler(
      [owner = parts.get()](const httplib::Request& request, httplib::Response& response) {
        response.set_header("X-Content-Type-Options", "nosniff");
        response.set_header("Cache-Control", "no-store");
        if (owner->is_welcome(request)) return httplib::Server::HandlerResponse::Unhandled;
        refuse(response, 403, "this server answers its own pages and programs of this machine only");
        return httplib::Server::HandlerResponse::Handled;
      });
  server.Post("/rpc", [owner = parts.get()](const httplib::Request& request, httplib::Response& response) {
    owner->answer(request, response);
  });
  parts->token = options.token.empty() ? random_token() : options.token;
  const int port = options.port == 0 ? server.bind_to_any_port("127.0.0.1")
                   : server.bind_to_port("127.0.0.1", int{options.port}) ? int{options.port}
                                                                         : -1;
  if (port <= 0) return tl::unexpected("cannot listen on 127.0.0.1, port " + std::to_string(options.port));
  parts->port = static_cast<std::uint16_t>(port);
  return HttpServer(std::move(parts));
}

void HttpServer::run(const std::stop_token& stop) {
  std::atomic<bool> is_done = false;
  const auto here = std::this_thread::get_id();
  const std::stop_callback on_stop(stop, [&] {
    parts_->stop.request_stop();
    if (std::this_thread::get_id() == here) return;  // requested already
    // A server that does not run yet ignores stop().
    while (!is_done && !parts_->server.is_running()) std::this_thread::yield();
    parts_->server.stop();
  });
  if (!stop.stop_requested()) parts_->server.listen_after_bind();
  is_done = true;
}

}  // namespace bibsmith::plugin
