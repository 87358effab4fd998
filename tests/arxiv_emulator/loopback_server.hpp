#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <httplib.h>

namespace bibsmith::emulator {

// cpp-httplib's server on 127.0.0.1, with a connection loop of our own: it knows which connections are open,
// sees at once when a client leaves, and stops without waiting for idle clients.
class LoopbackServer : private httplib::Server {
 public:
  // Answers every request; GET and HEAD have an empty body. Called from several threads.
  using Handler = std::function<void(const httplib::Request&, const std::string& body, httplib::Response&)>;
  // Told the number of open connections whenever one was opened.
  using ConnectionsObserver = std::function<void(std::size_t)>;

  LoopbackServer(Handler handler, ConnectionsObserver observer);
  ~LoopbackServer() override;

  // Listens in a thread of its own; port 0 takes a free one. False: the port cannot be had.
  bool start(int port);
  // Closes all connections and joins; afterwards no handler runs.
  void stop();
  int port() const { return port_; }

  // Waits until `duration` has passed, the client of the request has left or the server stops; true only if
  // the duration has passed.
  bool wait(const httplib::Request& request, std::chrono::milliseconds duration) const;
  // Ends the connection of the request without a word.
  void drop(const httplib::Request& request) const;

 private:
  bool process_and_close_socket(socket_t socket) override;
  bool opened(int peer_port, socket_t socket);
  void closed(int peer_port);

  Handler handler_;
  ConnectionsObserver observer_;
  std::thread listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<int, socket_t> connections_;  // by the client's port
  bool stopping_ = false;
};

inline constexpr std::size_t request_body_bytes_max = std::size_t{4} << 20;
inline constexpr std::size_t request_path_bytes_max = 1024;
inline constexpr std::size_t connections_max = 16;  // served at the same time; more have to wait
inline constexpr std::chrono::milliseconds idle_time_max{20'000};
inline constexpr std::chrono::milliseconds read_time_max{5'000};

}  // namespace bibsmith::emulator
