#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bibsmith::testing {

// A server on 127.0.0.1 that answers raw bytes, so that a test can send what no honest server would. One
// connection at a time, kept open unless the answer says "Connection: close".
class LoopbackServer {
 public:
  // From the head of a request to the bytes of the answer; empty: silence until the client leaves.
  using Handler = std::function<std::string(const std::string& head)>;

  explicit LoopbackServer(Handler handler);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  std::string url(const std::string& path = "/") const;
  std::string url_on(const std::string& scheme_and_host, const std::string& path) const;
  std::vector<std::string> heads() const;  // of the requests so far
  std::size_t connections() const;

 private:
  void serve();
  void talk(int connection);
  bool readable(int socket) const;  // false: the server is to end

  Handler handler_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};  // a byte in the pipe ends the thread
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::size_t connections_ = 0;
  std::thread thread_;
};

// An answer with its length. `headers`: each line with its CR LF.
std::string http_answer(int status, const std::string& body, const std::string& headers = {});

}  // namespace bibsmith::testing
