#include "plugin/rpc/waiter.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace bibsmith::plugin {

namespace {

// Where there is no descriptor left to be woken through, a stop is looked for this often.
constexpr int blind_wait_ms = 50;

int left_ms(const Waiter::Deadline& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Waiter::Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

}  // namespace

Waiter::~Waiter() {
  if (wake_ >= 0) ::close(wake_);
}

Waited Waiter::wait(int descriptor, short events, const std::stop_token& stop, const Deadline& deadline) {
  if (stop.stop_requested()) return Waited::stopped;
  pollfd places[] = {{descriptor, events, 0}, {-1, POLLIN, 0}};
  if (::poll(places, 1, 0) > 0) return Waited::ready;
  if (wake_ < 0) wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  places[1].fd = wake_;
  const std::stop_callback on_stop(stop, [wake = wake_] {
    if (wake >= 0) ::eventfd_write(wake, 1);
  });
  for (;;) {
    const int left = left_ms(deadline);
    const int pause = wake_ >= 0 ? left : left < 0 ? blind_wait_ms : std::min(left, blind_wait_ms);
    const int count = ::poll(places, 2, pause);
    if (stop.stop_requested()) {
      eventfd_t value = 0;
      if (wake_ >= 0) ::eventfd_read(wake_, &value);  // the next wait may be for another stop
      return Waited::stopped;
    }
    if (count > 0 && places[0].revents != 0) return Waited::ready;
    if (count < 0 && errno != EINTR) return Waited::ready;  // the read or write tells what is wrong
    if (left == 0) return Waited::late;
  }
}

}  // namespace bibsmith::plugin
