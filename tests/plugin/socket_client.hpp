#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::testing {

// A client of a server under test, byte by byte. Waits at most `limit_s` for anything: a test that would hang
// fails instead.
class SocketClient {
 public:
  static constexpr int limit_s = 60;

  static SocketClient of_path(const std::string& path);
  static SocketClient of_port(std::uint16_t port);
  SocketClient(SocketClient&& other) noexcept;
  SocketClient& operator=(SocketClient&&) = delete;
  ~SocketClient();

  bool is_connected() const { return descriptor_ >= 0; }
  bool send(std::string_view bytes) const;
  void end_sending() const;
  std::string line();          // without its end; empty: the server closed
  std::string until_closed();  // what is left
  // The answer to a request of HTTP, by its Content-Length; the connection stays.
  std::string http_answer();

 private:
  explicit SocketClient(int descriptor);
  bool fill();

  int descriptor_;
  std::string buffer_;
};

}  // namespace bibsmith::testing
