#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>

#include "plugin/http/http_message.hpp"

namespace bibsmith::plugin {

// How long a client may take, and how much it may send.
struct HttpPatience {
  std::chrono::milliseconds idle{30'000};     // between two requests
  std::chrono::milliseconds request{30'000};  // from the first byte of a request to its last
  std::chrono::milliseconds response{60'000};
  std::chrono::milliseconds drain{0};  // when the server ends: for requests that were begun
  std::size_t body_bytes_max = 64u << 20;
};

// What a server does with requests.
struct HttpHandler {
  // Sees the head before the body is read; a response refuses it, and the connection ends.
  std::function<std::optional<WebResponse>(const WebRequest& head)> refuse;
  // `stop` is requested when the client is gone, or the server ends.
  std::function<WebResponse(const WebRequest& request, const std::stop_token& stop)> answer;
  // Hears of each response before it is sent, with its request if that could be read. May be empty.
  std::function<void(const WebRequest* request, const WebResponse& response, std::chrono::microseconds took)>
      told;
};

// Serves one client of HTTP/1.1 on a connected socket, request after request, until it is gone, it is late,
// or the server ends: from `closing` on no further request is taken, with `stop` those that were begun end
// too. Does not close the socket. [any thread]
void serve_http(int socket, const HttpHandler& handler, const HttpPatience& patience,
                const std::stop_token& closing, const std::stop_token& stop);

}  // namespace bibsmith::plugin
