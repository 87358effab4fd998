#include "tests/plugin/socket_client.hpp"

#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::testing {

SocketClient::SocketClient(int descriptor) : descriptor_(descriptor) {
  const timeval limit{limit_s, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

SocketClient SocketClient::of_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return SocketClient(descriptor);
  }
  ::close(descriptor);
  return SocketClient(-1);
}

SocketClient SocketClient::of_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return SocketClient(descriptor);
  }
  ::close(descriptor);
  return SocketClient(-1);
}

SocketClient::SocketClient(SocketClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

SocketClient::~SocketClient() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool SocketClient::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void SocketClient::end_sending() const { ::shutdown(descriptor_, SHUT_WR); }

bool SocketClient::fill() {
  char chunk[1 << 16];
  const ssize_t count = ::recv(descriptor_, chunk, sizeof chunk, 0);
  if (count > 0) buffer_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

std::string SocketClient::line() {
  std::size_t end = 0;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    if (!fill()) return std::exchange(buffer_, {});
  }
  std::string out = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return out;
}

std::string SocketClient::until_closed() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

std::string SocketClient::http_answer() {
  std::size_t head = 0;
  while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::exchange(buffer_, {});
  }
  const std::size_t name = buffer_.find("Content-Length: ");
  const std::size_t body = name < head ? std::stoul(buffer_.substr(name + 16)) : 0;
  while (buffer_.size() < head + 4 + body) {
    if (!fill()) return std::exchange(buffer_, {});
  }
  std::string out = buffer_.substr(0, head + 4 + body);
  buffer_.erase(0, out.size());
  return out;
}

}  // namespace bibsmith::testing
