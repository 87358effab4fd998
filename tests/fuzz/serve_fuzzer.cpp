// Any bytes from a client. As HTTP: every request ends in one response, and none is let through that does not
// name the server, or that a page of another site sent. As a stream of messages: it ends, every message is
// answered by JSON, and methods that touch no file take any parameters. The first byte chooses.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "plugin/http/http_access.hpp"
#include "plugin/http/http_connection.hpp"
#include "plugin/rpc/json_rpc.hpp"
#include "plugin/rpc/message_stream.hpp"

namespace {

using namespace bibsmith::plugin;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

constexpr std::uint16_t port = 8123;
const std::string token = "0123456789abcdef0123456789abcdef";

void check_access(const WebRequest& head) {
  const Doors doors{port, "https://bib.example.org", {{"anna", token}}};
  for (const Access access :
       {Access::page, Access::token, Access::bearer, Access::program, Access::own_page}) {
    if (refuse_by_head(head, access, doors)) continue;
    const std::string* host = head.header("host");
    require(host != nullptr && (*host == "127.0.0.1:8123" || *host == "localhost:8123" ||
                                ::strcasecmp(host->c_str(), "bib.example.org") == 0));
    const std::string* origin = head.header("origin");
    require(head.count("origin") == (origin == nullptr ? 0u : 1u));
    require(origin == nullptr || *origin == "http://127.0.0.1:8123" || *origin == "http://localhost:8123" ||
            *origin == doors.public_url);
    require(access != Access::program || origin == nullptr);
    require((access != Access::token && access != Access::bearer) || has_token(head, token));
  }
}

void check_http(std::string_view bytes) {
  constexpr std::size_t fits_the_buffer = 32u << 10;
  if (bytes.size() > fits_the_buffer) return;
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  require(::write(ends[0], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::shutdown(ends[0], SHUT_WR);
  std::size_t answered = 0;
  const HttpHandler handler{[&](const WebRequest& head) -> std::optional<WebResponse> {
                              check_access(head);
                              // The buffer of the socket holds this many answers; nobody reads them yet.
                              if (++answered > 20) return refusal_of(503, "enough");
                              return std::nullopt;
                            },
                            [&](const WebRequest& request, const std::stop_token&) {
                              require(request.body.size() == request.body_bytes);
                              return WebResponse{200, "text/plain", "x"};
                            },
                            {}};
  HttpPatience patience;
  patience.body_bytes_max = 1000;
  serve_http(ends[1], handler, patience, {}, {});
  ::close(ends[1]);
  std::string answer(1u << 16, '\0');
  const ssize_t count = ::recv(ends[0], answer.data(), answer.size(), MSG_DONTWAIT);
  require(count <= 0 || answer.starts_with("HTTP/1.1 "));
  ::close(ends[0]);
}

bool is_harmless(const RpcRequest& request) {
  const Method* method = find_method(request.method);
  if (method == nullptr) return true;
  const auto& parameters = request.parameters.value();
  const bool is_of_text = parameters.is_object() && parameters.contains("text") &&
                          !parameters.contains("file") && !parameters.contains("online");
  return !method->writes && is_of_text && request.method != "bibsmith/bib.plan" &&
         !request.method.starts_with("bibsmith/zotero");
}

Session& session() {
  static Session offline(
      [] {
        Settings settings;
        settings.offline = true;
        settings.cache_dir = settings.state_dir = "/nonexistent";
        return settings;
      }(),
      Warn{});
  return offline;
}

void check_messages(std::string_view bytes) {
  const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (file < 0) return;
  require(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::lseek(file, 0, SEEK_SET);
  MessageReader reader(file, 1u << 16);
  std::size_t taken = 0;
  for (auto message = reader.next({}); message; message = reader.next({})) {
    taken += message->size();
    require(taken <= bytes.size());
    const RpcMessage read = read_message(*message);
    require(!read.requests.empty());
    for (const RpcRequest& request : read.requests) {
      if (!request.error && !is_harmless(request)) continue;
      const std::string response = response_to(request, call(request, {session(), {}, {}}));
      require(nlohmann::json::accept(response));
      require(response.find('\n') == response.npos);
    }
  }
  ::close(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    check_http(rest);
  } else {
    check_messages(rest);
  }
  return 0;
}
