#include "tests/arxiv_emulator/loopback_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bibsmith::emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool is_ready(socket_t socket, short events, milliseconds patience) {
  pollfd entry{.fd = socket, .events = events, .revents = 0};
  return poll(&entry, 1, static_cast<int>(patience.count())) > 0;
}

// Whether the other side has closed: then a read would give nothing, now.
bool has_left(socket_t socket) {
  char byte = 0;
  if (!is_ready(socket, POLLIN, milliseconds{0})) return false;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

std::pair<std::string, int> address_of(const sockaddr_in& address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  return {text.data(), ntohs(address.sin_port)};
}

template <typename Name>
std::pair<std::string, int> address_by(Name name, socket_t socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  void* place = &address;
  if (name(socket, static_cast<sockaddr*>(place), &size) != 0) return {};
  return address_of(address);
}

class SocketStream : public httplib::Stream {
 public:
  explicit SocketStream(socket_t socket) : socket_(socket), peer_(address_by(getpeername, socket)) {}

  bool is_readable() const override { return begin_ < end_ || is_ready(socket_, POLLIN, read_time_max); }
  bool is_writable() const override {
    return is_ready(socket_, POLLOUT, read_time_max) && !has_left(socket_);
  }

  ssize_t read(char* out, size_t size) override {
    if (begin_ == end_) {
      if (!is_ready(socket_, POLLIN, read_time_max)) return -1;
      const ssize_t count = recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (count <= 0) return count;
      begin_ = 0;
      end_ = static_cast<std::size_t>(count);
    }
    const std::size_t count = std::min(size, end_ - begin_);
    std::copy_n(buffer_.data() + begin_, count, out);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* data, size_t size) override {
    if (!is_ready(socket_, POLLOUT, read_time_max)) return -1;
    return send(socket_, data, size, MSG_NOSIGNAL);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override { std::tie(ip, port) = peer_; }
  void get_local_ip_and_port(std::string& ip, int& port) const override {
    std::tie(ip, port) = address_by(getsockname, socket_);
  }
  socket_t socket() const override { return socket_; }

  int peer_port() const { return peer_.second; }
  bool has_request(milliseconds patience) const {
    return begin_ < end_ || is_ready(socket_, POLLIN, patience);
  }

 private:
  socket_t socket_;
  std::pair<std::string, int> peer_;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

LoopbackServer::LoopbackServer(Handler handler, ConnectionsObserver observer)
    : handler_(std::move(handler)), observer_(std::move(observer)) {
  new_task_queue = [] { return new httplib::ThreadPool(connections_max); };
  set_tcp_nodelay(true);
  set_keep_alive_timeout(
      std::chrono::duration_cast<std::chrono::seconds>(idle_time_max).count());  // the header
  set_keep_alive_max_count(1000);
  set_payload_max_length(request_body_bytes_max);
  // httplib's own choice, SO_REUSEPORT, would let two emulators share a port.
  set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (request.path.size() > request_path_bytes_max) {
      response.status = 404;
      return HandlerResponse::Handled;
    }
    if (request.method == "POST") return HandlerResponse::Unhandled;
    handler_(request, {}, response);
    return HandlerResponse::Handled;
  });
  // The plain handler would refuse forms over 8 KiB; arXiv takes them.
  Post("[^]*", [this](const httplib::Request& request, httplib::Response& response,
                      const httplib::ContentReader& read) {
    std::string body;
    read([&body](const char* data, std::size_t size) {
      if (body.size() + size > request_body_bytes_max) return false;
      body.append(data, size);
      return true;
    });
    handler_(request, body, response);
  });
}

LoopbackServer::~LoopbackServer() { stop(); }

bool LoopbackServer::start(int port) {
  port_ = port == 0 ? bind_to_any_port("127.0.0.1") : bind_to_port("127.0.0.1", port) ? port : -1;
  if (port_ <= 0) {
    port_ = 0;
    return false;
  }
  listener_ = std::thread([this] { listen_after_bind(); });
  while (!is_running()) std::this_thread::yield();
  return true;
}

void LoopbackServer::stop() {
  if (!listener_.joinable()) return;
  Server::stop();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& [port, socket] : connections_) shutdown(socket, SHUT_RDWR);
  }
  listener_.join();  // joins the threads of the connections too
}

bool LoopbackServer::opened(int peer_port, socket_t socket) {
  std::size_t open = 1;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    // A client that closed one connection before it opened the next has one, even if we have not noticed yet.
    for (const auto& [port, other] : connections_) open += has_left(other) ? 0u : 1u;
    connections_.emplace(peer_port, socket);
  }
  observer_(open);
  return true;
}

void LoopbackServer::closed(int peer_port) {
  const std::lock_guard lock(mutex_);
  connections_.erase(peer_port);
}

bool LoopbackServer::process_and_close_socket(socket_t socket) {
  SocketStream stream(socket);
  bool good = true;
  if (opened(stream.peer_port(), socket)) {
    bool client_closes = false;
    while (good && !client_closes && stream.has_request(idle_time_max)) {
      if (has_left(socket)) break;
      good = process_request(stream, false, client_closes, nullptr);
    }
    closed(stream.peer_port());
  }
  shutdown(socket, SHUT_RDWR);
  close(socket);
  return good;
}

bool LoopbackServer::wait(const httplib::Request& request, milliseconds duration) const {
  socket_t socket = INVALID_SOCKET;
  {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(request.remote_port);
    if (found == connections_.end()) return false;
    socket = found->second;
  }
  // The socket stays open: only the thread that is here closes it. Whatever wakes us before the time is the
  // end of the connection, or a second request that arrived too early and can wait.
  const auto until = steady_clock::now() + duration;
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left <= milliseconds{0}) return true;
    pollfd entry{.fd = socket, .events = POLLRDHUP, .revents = 0};
    if (poll(&entry, 1, static_cast<int>(left.count())) > 0) return false;
  }
}

void LoopbackServer::drop(const httplib::Request& request) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(request.remote_port);
  if (found != connections_.end()) shutdown(found->second, SHUT_RDWR);
}

}  // namespace bibsmith::emulator
