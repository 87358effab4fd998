#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace bibsmith::plugin {

inline constexpr std::size_t head_bytes_max = 16u << 10;  // of a request: its line and headers
inline constexpr std::size_t head_lines_max = 100;

using Headers = std::vector<std::pair<std::string, std::string>>;

// The head of a request of HTTP/1.1 (RFC 9112), and its body once it was read.
struct WebRequest {
  std::string method;
  std::string path;  // without the query; percent signs undone
  Headers query;     // the parameters of the query, decoded, in order
  Headers headers;   // names in lower case
  std::string body;
  std::size_t body_bytes = 0;       // as Content-Length tells
  bool keeps_connection = true;     // the client may send another request
  bool waits_for_continue = false;  // "Expect: 100-continue"

  // The header, or nullptr: it is not there, or more than once. Precondition: the name is in lower case.
  const std::string* header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // The first parameter of the query of that name; nullptr: none.
  const std::string* parameter(std::string_view name) const;
};

// Sends a piece of a body. false: the client is gone, or takes too long, or the server ends.
using SendPiece = std::function<bool(std::string_view piece)>;

struct WebResponse {
  int status = 200;
  std::string content_type;
  std::string body;
  Headers headers = {};  // beside those that every response has
  // Not empty: more follows behind `body`, for as long as this runs, and then the connection ends. `stop` is
  // requested when the client is gone, or the server takes no requests any more.
  std::function<void(const SendPiece& send, const std::stop_token& stop)> stream = {};
};

// A plain text that says why not.
WebResponse refusal_of(int status, const std::string& why);

// A head with its closing empty line. What is doubtful is refused, never guessed (RFC 9112, section 11.2):
// bare line feeds, folded lines, several lengths, a transfer coding. The error is the response to send, after
// which the connection ends. [any thread]
tl::expected<WebRequest, WebResponse> read_head(std::string_view head);

// The bytes to send, of a stream those before it. `is_last`: the connection ends. [any thread]
std::string text_of(const WebResponse& response, bool is_last, bool is_head_only);

// "a%20b+c" to "a b c"; nullopt: a percent sign without two digits.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space);

}  // namespace bibsmith::plugin
