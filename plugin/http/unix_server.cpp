#include "plugin/http/unix_server.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <list>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>

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

// One client and the thread that serves it.
struct Client {
  std::atomic<bool> is_done = false;
  std::thread thread;
};

void refuse(int descriptor) {
  const RpcRequest request{JsonDocument::null(), {}, JsonDocument::null(), {}, {}};
  const RpcError busy{RpcCode::busy, "too many clients", {}};
  const std::string text = framed(response_to(request, tl::unexpected(busy)), Framing::line);
  [[maybe_unused]] const ssize_t sent = ::send(descriptor, text.data(), text.size(), MSG_DONTWAIT);
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
  if (::lstat(path.c_str(), &known) == 0) {
    if (!S_ISSOCK(known.st_mode)) return failed(path, "there is a file of that name");
    if (is_alive(address)) return failed(path, "another bibsmith serves there");
    ::unlink(path.c_str());
  }
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return failed(path, reason());
  UnixServer server({}, descriptor);  // without a name: nothing of ours to remove yet
  const mode_t old_mask = ::umask(0177);
  const int bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const std::string why = bound == 0 ? "" : reason();
  ::umask(old_mask);
  if (bound != 0) return failed(path, why);
  server.path_ = path;
  if (::listen(descriptor, static_cast<int>(socket_clients_max)) != 0) return failed(path, reason());
  return server;
}

UnixServer::UnixServer(UnixServer&& other) noexcept
    : path_(std::exchange(other.path_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

UnixServer::~UnixServer() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

void UnixServer::run(SessionPool& sessions, const std::stop_token& stop) {
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const std::stop_callback on_stop(stop, [wake] { ::eventfd_write(wake, 1); });
  std::list<Client> clients;
  const auto forget = [&](bool all) {
    for (auto client = clients.begin(); client != clients.end();) {
      if (!all && !client->is_done) {
        ++client;
        continue;
      }
      client->thread.join();
      client = clients.erase(client);
    }
  };
  while (!stop.stop_requested()) {
    pollfd places[] = {{descriptor_, POLLIN, 0}, {wake, POLLIN, 0}};
    if (::poll(places, 2, -1) < 0 && errno != EINTR) break;
    if (stop.stop_requested()) break;
    const int accepted = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
    forget(false);
    if (accepted < 0) continue;
    if (clients.size() >= socket_clients_max) {
      refuse(accepted);
      ::close(accepted);
      continue;
    }
    Client& client = clients.emplace_back();
    client.thread = std::thread([accepted, &client, &sessions, stop] {
      serve_stream(accepted, accepted, sessions, stop);
      ::close(accepted);
      client.is_done = true;
    });
  }
  forget(true);
  ::close(wake);
}

}  // namespace bibsmith::plugin
