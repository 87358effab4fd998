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
  std::size_t body_bytes_max = 64u << 20;
};

// What a server does with requests.
struct HttpHandler {
  // Sees the head before the body is read; a response refuses it, and the connection ends.
  std::function<std::optional<WebResponse>(const WebRequest& head)> refuse;
  // `stop` is requested when the client is gone, or the server ends.
  std::function<WebResponse(const WebRequest& request, const std::stop_token& stop)> answer;
};

// Serves one client of HTTP/1.1 on a connected socket, request after request, until it is gone, it is late,
// or `stop` is requested. Does not close the socket. [any thread]
void serve_http(int socket, const HttpHandler& handler, const HttpPatience& patience,
                const std::stop_token& stop);

}  // namespace bibsmith::plugin
