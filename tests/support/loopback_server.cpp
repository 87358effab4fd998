#include "tests/support/loopback_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::testing {

namespace {

void send_all(int socket, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : handler_(std::move(handler)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, raw, size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, raw, &size) != 0 || pipe(wake_) != 0) {
    throw std::runtime_error("cannot listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  if (write(wake_[1], "x", 1) == 1) thread_.join();
  for (const int file : {wake_[0], wake_[1], listener_}) close(file);
}

std::string LoopbackServer::url(const std::string& path) const { return url_on("http://127.0.0.1", path); }

std::string LoopbackServer::url_on(const std::string& scheme_and_host, const std::string& path) const {
  return scheme_and_host + ":" + std::to_string(port_) + path;
}

std::vector<std::string> LoopbackServer::heads() const {
  const std::lock_guard guard(mutex_);
  return heads_;
}

std::size_t LoopbackServer::connections() const {
  const std::lock_guard guard(mutex_);
  return connections_;
}

bool LoopbackServer::readable(int socket) const {
  std::array<pollfd, 2> files{{{socket, POLLIN, 0}, {wake_[0], POLLIN, 0}}};
  return poll(files.data(), files.size(), -1) > 0 && files[1].revents == 0;
}

void LoopbackServer::serve() {
  while (readable(listener_)) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    {
      const std::lock_guard guard(mutex_);
      ++connections_;
    }
    talk(connection);
    close(connection);
  }
}

void LoopbackServer::talk(int connection) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (readable(connection)) {
    const ssize_t count = recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) return;
    head.append(buffer.data(), static_cast<std::size_t>(count));
    if (head.front() == '\x16') {  // the hello of TLS, which is not spoken here
      send_all(connection, http_answer(400, "in clear text, please"));
      return;
    }
    if (!head.ends_with("\r\n\r\n")) continue;
    {
      const std::lock_guard guard(mutex_);
      heads_.push_back(head);
    }
    const std::string answer = handler_(head);
    head.clear();
    send_all(connection, answer);
    if (answer.find("Connection: close") != std::string::npos) return;
  }
}

std::string http_answer(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

}  // namespace bibsmith::testing
