#include "plugin/http/http_server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <random>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "plugin/http/client_threads.hpp"
#include "plugin/http/http_access.hpp"
#include "plugin/rpc/json_rpc.hpp"
#include "plugin/rpc/message_stream.hpp"

namespace bibsmith::plugin {

namespace {

// Zotero and JabRef's HTTP server; JabRef's language server.
constexpr std::array<std::uint16_t, 2> ports_of_others = {23119, 2087};

struct Route {
  std::string method;
  std::string path;
  Access access;
  HttpServer::Answer answer;
};

// What every response has: nothing is kept, guessed at, framed or loaded by other sites.
void add_safety(WebResponse& response) {
  response.headers.insert(response.headers.end(),
                          {{"Cache-Control", "no-store"},
                           {"X-Content-Type-Options", "nosniff"},
                           {"X-Frame-Options", "DENY"},
                           {"Cross-Origin-Resource-Policy", "same-origin"},
                           {"Referrer-Policy", "no-referrer"},
                           {"Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                            "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"}});
}

// A listening socket on 127.0.0.1; -1: errno tells why not.
int listen_on(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return -1;
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
      ::listen(listener, SOMAXCONN) == 0 &&
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
    return listener;
  }
  const int why = errno;
  ::close(listener);
  errno = why;
  return -1;
}

WebResponse answer_rpc(SessionPool& sessions, const WebRequest& request, const std::stop_token& stop) {
  const RpcMessage message = read_message(request.body);
  const SessionPool::Lease session = sessions.take();
  std::vector<std::string> responses;
  for (const RpcRequest& one : message.requests) {
    if (stop.stop_requested()) break;
    const MethodResult result = call(one, {*session, stop, {}});
    if (one.id) responses.push_back(response_to(one, result));
  }
  if (responses.empty()) return {204, {}, {}};
  return {200, "application/json", message.is_batch ? batch_of(responses) : std::move(responses.front())};
}

}  // namespace

struct HttpServer::Parts {
  std::vector<Route> routes;
  std::string token;
  HttpPatience patience;
  std::uint16_t port = 0;
  int listener = -1;

  ~Parts() {
    if (listener >= 0) ::close(listener);
  }

  const Route* find(const WebRequest& request) const {
    const auto route = std::ranges::find_if(routes, [&](const Route& one) {
      return one.path == request.path &&
             (one.method == request.method || (one.method == "GET" && request.method == "HEAD"));
    });
    return route == routes.end() ? nullptr : &*route;
  }

  std::optional<WebResponse> refuse(const WebRequest& head) const {
    const Route* route = find(head);
    auto refused = refuse_by_head(head, route == nullptr ? Access::page : route->access, port, token);
    if (!refused && route == nullptr) {
      const bool is_path = std::ranges::find(routes, head.path, &Route::path) != routes.end();
      refused = is_path ? refusal_of(405, "not with this method") : refusal_of(404, "there is nothing here");
    }
    if (refused) add_safety(*refused);
    return refused;
  }

  WebResponse answer(const WebRequest& request, const std::stop_token& stop) const {
    WebResponse response = find(request)->answer(request, stop);
    add_safety(response);
    return response;
  }
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() = default;
HttpServer::HttpServer(HttpServer&&) noexcept = default;

std::uint16_t HttpServer::port() const { return parts_->port; }
const std::string& HttpServer::token() const { return parts_->token; }
std::string HttpServer::base() const { return "http://127.0.0.1:" + std::to_string(parts_->port); }
std::string HttpServer::url() const { return base() + "/#token=" + parts_->token; }

void HttpServer::add(const std::string& method, const std::string& path, Access access, Answer answer) {
  parts_->routes.push_back({method, path, access, std::move(answer)});
}

tl::expected<HttpServer, std::string> HttpServer::open(const HttpOptions& options, SessionPool& sessions) {
  if (std::ranges::find(ports_of_others, options.port) != ports_of_others.end()) {
    return tl::unexpected("port " + std::to_string(options.port) +
                          " is that of Zotero or JabRef; take another");
  }
  auto parts = std::make_unique<Parts>();
  parts->port = options.port;
  parts->listener = listen_on(parts->port);
  if (parts->listener < 0) {
    return tl::unexpected("cannot listen on 127.0.0.1, port " + std::to_string(options.port) + ": " +
                          std::error_code(errno, std::generic_category()).message());
  }
  parts->token = options.token.empty() ? random_token() : options.token;
  parts->patience = options.patience;
  HttpServer server(std::move(parts));
  server.add("POST", "/rpc", Access::token,
             [&sessions](const WebRequest& request, const std::stop_token& stop) {
               return answer_rpc(sessions, request, stop);
             });
  return server;
}

void HttpServer::run(const std::stop_token& stop) {
  const Parts& parts = *parts_;
  const HttpHandler handler{
      [&](const WebRequest& head) { return parts.refuse(head); },
      [&](const WebRequest& request, const std::stop_token& gone) { return parts.answer(request, gone); }};
  ClientThreads clients(http_clients_max);
  accept_clients(parts.listener, stop, [&](int client) {
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool is_served = clients.start([client, &handler, &parts, stop] {
      serve_http(client, handler, parts.patience, stop);
      ::close(client);
    });
    if (is_served) return;
    const std::string busy = text_of(refusal_of(503, "too many clients"), true, false);
    [[maybe_unused]] const ssize_t sent =
        ::send(client, busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::close(client);
  });
}

std::string random_token() {
  std::random_device random;  // getrandom() or the processor's generator
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  while (token.size() < 32) {
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4) token += digits[bits & 15];
  }
  return token;
}

}  // namespace bibsmith::plugin
