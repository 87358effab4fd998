#pragma once

#include <stop_token>
#include <thread>

namespace bibsmith::plugin {

// Turns SIGINT and SIGTERM into a stop request while it lives, so that a run ends with everything in order;
// the second signal ends the process at once. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool requested() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  int pipe_[2] = {-1, -1};
  std::thread waiter_;
};

}  // namespace bibsmith::plugin
