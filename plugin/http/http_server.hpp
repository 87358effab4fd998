#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include <tl/expected.hpp>

#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

struct HttpOptions {
  std::uint16_t port = 0;  // 0: any that is free
  std::string token;       // empty: a new one of 128 random bits
};

// JSON-RPC and the web pages over HTTP on 127.0.0.1. Requests for data need the token ("Authorization:
// Bearer"). A Host that is not ours (DNS rebinding) and an Origin that is not ours (a page of another site)
// are refused before anything else.
class HttpServer {
 public:
  static tl::expected<HttpServer, std::string> open(const HttpOptions& options, SessionPool& sessions);
  ~HttpServer();
  HttpServer(HttpServer&&) noexcept;

  std::uint16_t port() const;
  const std::string& token() const;
  // "http://127.0.0.1:PORT/#token=…": the part behind '#' never leaves the browser.
  std::string url() const;
  // Returns when `stop` is requested.
  void run(const std::stop_token& stop);

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace bibsmith::plugin
