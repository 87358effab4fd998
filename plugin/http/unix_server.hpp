#pragma once

#include <stop_token>
#include <string>

#include <tl/expected.hpp>

#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// Clients of the socket at one time; further ones are told so and cut off.
inline constexpr std::size_t socket_clients_max = 128;

// A Unix socket that many clients of JSON-RPC share. Only the user who made it can connect.
class UnixServer {
 public:
  // Makes the socket (mode 0600), and its folder (mode 0700) if it is missing. What a server that died left
  // behind is replaced; a server that lives is an error, as is a file that is no socket. Beside the socket
  // stands the lock of the server that owns it, PATH.lock.
  static tl::expected<UnixServer, std::string> open(const std::string& path);
  ~UnixServer();
  UnixServer(UnixServer&& other) noexcept;
  UnixServer& operator=(UnixServer&&) = delete;

  const std::string& path() const { return path_; }
  // Returns when `stop` is requested and all clients are gone.
  void run(SessionPool& sessions, const std::stop_token& stop);

 private:
  UnixServer(std::string path, int descriptor, int lock)
      : path_(std::move(path)), descriptor_(descriptor), lock_(lock) {}

  std::string path_;
  int descriptor_;
  int lock_;
};

// $XDG_RUNTIME_DIR/bibsmith.sock, or a file in the state directory where there is no such folder.
std::string socket_path(const Settings& settings, const Environment& environment);

}  // namespace bibsmith::plugin
