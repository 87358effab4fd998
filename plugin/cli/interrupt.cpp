#include "plugin/cli/interrupt.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace bibsmith::plugin {

namespace {

// A handler may do little more than write to a pipe; a thread reads it and asks to stop.
volatile std::sig_atomic_t signal_pipe = -1;

extern "C" void on_signal(int signal) {
  const int saved = errno;
  const char byte = 's';
  if (signal_pipe >= 0 && ::write(signal_pipe, &byte, 1) < 0) std::signal(signal, SIG_DFL);
  // The next one is not ours any more.
  std::signal(signal, SIG_DFL);
  errno = saved;
}

}  // namespace

Interrupt::Interrupt() {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) return;  // then signals end the process, as they do by default
  signal_pipe = pipe_[1];
  waiter_ = std::thread([this] {
    char byte = 0;
    while (::read(pipe_[0], &byte, 1) < 0 && errno == EINTR) {
    }
    if (byte == 's') source_.request_stop();
  });
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, on_signal);
}

Interrupt::~Interrupt() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  signal_pipe = -1;
  if (waiter_.joinable()) {
    const char byte = 'q';
    while (::write(pipe_[1], &byte, 1) < 0 && errno == EINTR) {
    }
    waiter_.join();
  }
  for (const int end : pipe_) {
    if (end >= 0) ::close(end);
  }
}

}  // namespace bibsmith::plugin
