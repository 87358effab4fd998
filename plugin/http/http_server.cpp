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
#include "plugin/http/http_rpc.hpp"

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

// Labels of metrics are words that we know.
std::string_view known_method(const WebRequest* request) {
  constexpr std::array<std::string_view, 4> methods = {"GET", "HEAD", "POST", "OPTIONS"};
  const auto* known = request == nullptr ? methods.end() : std::ranges::find(methods, request->method);
  return known == methods.end() ? "other" : *known;
}

WebResponse too_many(RateLimit::Clock::duration wait) {
  WebResponse response = refusal_of(429, "too many requests");
  response.headers.emplace_back("Retry-After",
                                std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()));
  return response;
}

}  // namespace

struct HttpServer::Parts {
  Parts(const HttpOptions& options, Doors whom)
      : doors(std::move(whom)),
        limit(doors.tokens.size(), options.requests_a_minute),
        watch(options.watch),
        patience(options.patience) {}
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() { close_listener(); }

  std::vector<Route> routes;
  Doors doors;
  mutable RateLimit limit;
  ServiceWatch* watch;
  HttpPatience patience;
  int listener = -1;

  void close_listener() {
    if (listener >= 0) ::close(std::exchange(listener, -1));
  }

  // How long the client of a request has to wait; nullopt: it may ask, and did.
  std::optional<RateLimit::Clock::duration> take(std::size_t client) const {
    const auto wait = limit.take(client, RateLimit::Clock::now());
    if (wait && watch != nullptr) watch->rate_limited();
    return wait;
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
    auto refused = refuse_by_head(head, route == nullptr ? Access::page : route->access, doors);
    if (!refused && route != nullptr && route->access == Access::token) {
      if (const auto wait = take(*shown_token(head, doors.tokens))) refused = too_many(*wait);
    }
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

  void tell(const WebRequest* request, const WebResponse& response, std::chrono::microseconds took) const {
    const Route* route = request == nullptr ? nullptr : find(*request);
    const auto client = request == nullptr ? std::nullopt : shown_token(*request, doors.tokens);
    watch->answered({.method = known_method(request),
                     .path = route == nullptr ? "other" : std::string_view(route->path),
                     .status = response.status,
                     .bytes = response.body.size(),
                     .took = took,
                     .client = client ? std::string_view(doors.tokens[*client].name) : std::string_view()});
  }
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
HttpServer::~HttpServer() = default;
HttpServer::HttpServer(HttpServer&&) noexcept = default;

std::uint16_t HttpServer::port() const { return parts_->doors.port; }
const std::string& HttpServer::token() const {
  static const std::string none;
  const ServiceToken& first = parts_->doors.tokens.front();
  return first.name.empty() ? first.token : none;
}
std::string HttpServer::base() const { return "http://127.0.0.1:" + std::to_string(port()); }
std::string HttpServer::url() const { return token().empty() ? base() : base() + "/#token=" + token(); }

void HttpServer::add(const std::string& method, const std::string& path, Access access, Answer answer) {
  parts_->routes.push_back({method, path, access, std::move(answer)});
}

tl::expected<HttpServer, std::string> HttpServer::open(const HttpOptions& options, SessionPool& sessions) {
  if (std::ranges::find(ports_of_others, options.port) != ports_of_others.end()) {
    return tl::unexpected("port " + std::to_string(options.port) +
                          " is that of Zotero or JabRef; take another");
  }
  Doors doors{options.port, options.public_url, options.tokens};
  if (doors.tokens.empty())
    doors.tokens.push_back({{}, options.token.empty() ? random_token() : options.token});
  auto parts = std::make_unique<Parts>(options, std::move(doors));
  parts->listener = listen_on(parts->doors.port);
  if (parts->listener < 0) {
    return tl::unexpected("cannot listen on 127.0.0.1, port " + std::to_string(options.port) + ": " +
                          std::error_code(errno, std::generic_category()).message());
  }
  RpcService service{sessions, options.watch, {}};
  if (!options.tokens.empty()) service.group_files = options.group_files;
  HttpServer server(std::move(parts));
  server.add(
      "POST", "/rpc", Access::token,
      [service, known = server.parts_.get()](const WebRequest& request, const std::stop_token& stop) {
        const std::size_t who = *shown_token(request, known->doors.tokens);
        const RpcClient client{known->doors.tokens[who].name, [known, who] { return known->take(who); }};
        return answer_rpc(service, request, client, stop);
      });
  return server;
}

void HttpServer::run(const std::stop_token& stop) {
  const Parts& parts = *parts_;
  HttpHandler handler{
      [&](const WebRequest& head) { return parts.refuse(head); },
      [&](const WebRequest& request, const std::stop_token& gone) { return parts.answer(request, gone); },
      {}};
  if (parts.watch != nullptr) {
    handler.told = [&](const WebRequest* request, const WebResponse& response,
                       std::chrono::microseconds took) { parts.tell(request, response, took); };
  }
  std::stop_source end;  // of what was begun
  ClientThreads clients(http_clients_max);
  accept_clients(parts.listener, stop, [&](int client) {
    const int on = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool is_served = clients.start([client, &handler, &parts, stop, &end] {
      serve_http(client, handler, parts.patience, stop, end.get_token());
      ::close(client);
    });
    if (is_served) return;
    const WebResponse refused = refusal_of(503, "too many clients");
    if (handler.told) handler.told(nullptr, refused, {});
    const std::string busy = text_of(refused, true, false);
    [[maybe_unused]] const ssize_t sent =
        ::send(client, busy.data(), busy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::close(client);
  });
  parts_->close_listener();  // who comes now is told at once that nobody is here
  clients.wait_for(parts.patience.drain);
  end.request_stop();
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
