#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/http/group_clients.hpp"
#include "plugin/http/http_connection.hpp"
#include "plugin/http/service_watch.hpp"
#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// Connections at one time; further ones get the status 503.
inline constexpr std::size_t http_clients_max = 64;

struct HttpOptions {
  std::uint16_t port = 0;  // 0: any that is free
  std::string token;       // empty: a new one of 128 random bits
  // Not empty: a group is served, whose clients have these and may do less (RpcService); there is no other
  // token then.
  std::vector<ServiceToken> tokens = {};
  std::vector<std::string> group_files = {};  // that a group's clients may name
  unsigned requests_a_minute = 0;             // with each token (RateLimit); 0: as many as they like
  std::string public_url = {};                // is_public_url(); of a proxy on this machine
  ServiceWatch* watch = nullptr;              // outlives the server; may be none
  HttpPatience patience = {};
};

// Who may send a request to a path. All of them name this server as Host, and no page of another site as
// Origin.
enum class Access : std::uint8_t {
  page,      // anyone: it tells nothing that is not in the program
  token,     // who has a token of the server, and sends JSON
  bearer,    // who has a token of the server
  program,   // a program of this machine, and no page of a browser
  own_page,  // a page of ours; the handler checks a token of its own
};

// JSON-RPC and the web pages over HTTP on 127.0.0.1. Requests for data need the token ("Authorization:
// Bearer"). A Host that is not ours (DNS rebinding) and an Origin that is not ours (a page of another site)
// are refused before anything else, and before a body is read.
class HttpServer {
 public:
  using Answer = std::function<WebResponse(const WebRequest& request, const std::stop_token& stop)>;

  static tl::expected<HttpServer, std::string> open(const HttpOptions& options, SessionPool& sessions);
  ~HttpServer();
  HttpServer(HttpServer&&) noexcept;

  // Another path. Before run().
  void add(const std::string& method, const std::string& path, Access access, Answer answer);

  std::uint16_t port() const;
  const std::string& token() const;  // empty: a group's have their own
  // "http://127.0.0.1:PORT"
  std::string base() const;
  // "http://127.0.0.1:PORT/#token=…": the part behind '#' never leaves the browser. Of a group without it.
  std::string url() const;
  // When `stop` is requested no client is taken any more, requests that were begun have the time of
  // HttpPatience::drain, and it returns when all clients are gone.
  void run(const std::stop_token& stop);

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// 128 bits of the system's generator, in hexadecimal digits.
std::string random_token();

// Whether the request has "Authorization: Bearer TOKEN". How long it takes tells nothing of where they
// differ.
bool has_token(const WebRequest& request, const std::string& token);

}  // namespace bibsmith::plugin
