#include "plugin/http/unix_server.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "plugin/http/client_threads.hpp"
#include "plugin/http/stream_server.hpp"
#include "plugin/rpc/json_rpc.hpp"
#include "plugin/rpc/message_stream.hpp"

namespace bibsmith::plugin {

namespace {

tl::unexpected<std::string> failed(const std::string& path, const std::string& why) {
  return tl::unexpected("cannot listen on " + path + ": " + why);
}

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

// Whether a server answers at the address.
bool is_alive(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
  ::close(probe);
  return answers;
}

// Held by a server as long as it lives, so that of two that start together one finds the other.
int take_lock(const std::string& path) {
  const int lock = ::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  const int why = errno;
  ::close(lock);
  errno = why;
  return -1;
}

void refuse(int descriptor) {
  const RpcRequest request{JsonDocument::null(), {}, JsonDocument::null(), {}, {}};
  const RpcError busy{RpcCode::busy, "too many clients", {}};
  const std::string text = framed(response_to(request, tl::unexpected(busy)), Framing::line);
  [[maybe_unused]] const ssize_t sent =
      ::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

std::string socket_path(const Settings& settings, const Environment& environment) {
  const std::string runtime = environment("XDG_RUNTIME_DIR").value_or("");
  return (runtime.empty() ? settings.state_dir : runtime) + "/bibsmith.sock";
}

tl::expected<UnixServer, std::string> UnixServer::open(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return failed(
        path, "the name of a socket has at most " + std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (!folder.empty() && std::filesystem::create_directories(folder, ignored)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
  }
  struct stat known {};
  const bool is_there = ::lstat(path.c_str(), &known) == 0;
  if (is_there && !S_ISSOCK(known.st_mode)) return failed(path, "there is a file of that name");
  const int lock = take_lock(path);
  if (lock < 0) return failed(path, errno == EWOULDBLOCK ? "another bibsmith serves there" : reason());
  UnixServer server({}, -1, lock);  // without a name: nothing of ours to remove yet
  if (is_there) {
    if (is_alive(address)) return failed(path, "another program serves there");
    ::unlink(path.c_str());
  }
  server.descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // Linux makes the socket's file with the mode that its descriptor has: there is no moment at which others
  // can connect.
  if (server.descriptor_ < 0 || ::fchmod(server.descriptor_, 0600) != 0 ||
      ::bind(server.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failed(path, reason());
  }
  server.path_ = path;
  if (::listen(server.descriptor_, static_cast<int>(socket_clients_max)) != 0) return failed(path, reason());
  return server;
}

UnixServer::UnixServer(UnixServer&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      lock_(std::exchange(other.lock_, -1)) {}

UnixServer::~UnixServer() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
  if (lock_ >= 0) ::close(lock_);
}

void UnixServer::run(SessionPool& sessions, const std::stop_token& stop) {
  ClientThreads clients(socket_clients_max);
  accept_clients(descriptor_, stop, [&](int accepted) {
    const bool is_served = clients.start([accepted, &sessions, stop] {
      serve_stream(accepted, accepted, sessions, stop);
      ::close(accepted);
    });
    if (is_served) return;
    refuse(accepted);
    ::close(accepted);
  });
}

}  // namespace bibsmith::plugin
