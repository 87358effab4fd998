#include "plugin/http/client_threads.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "plugin/rpc/waiter.hpp"

namespace bibsmith::plugin {

ClientThreads::~ClientThreads() {
  for (Client& client : clients_) client.thread.join();
}

void ClientThreads::forget_done() {
  for (auto client = clients_.begin(); client != clients_.end();) {
    if (client->is_done) {
      client->thread.join();
      client = clients_.erase(client);
    } else {
      ++client;
    }
  }
}

bool ClientThreads::start(std::function<void()> serve) {
  forget_done();
  if (clients_.size() >= clients_max_) return false;
  Client& client = clients_.emplace_back();
  try {
    client.thread = std::thread([this, &client, serve = std::move(serve)] {
      serve();
      const std::lock_guard lock(mutex_);
      client.is_done = true;
      ended_.notify_all();
    });
  } catch (const std::system_error&) {
    clients_.pop_back();
    return false;
  }
  return true;
}

void ClientThreads::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, time, [this] {
    return std::ranges::all_of(clients_, [](const Client& client) { return client.is_done.load(); });
  });
}

void accept_clients(int listener, const std::stop_token& stop, const std::function<void(int client)>& serve) {
  const auto open_spare = [] { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); };
  int spare = open_spare();
  Waiter waiter;
  while (waiter.wait(listener, POLLIN, stop) == Waited::ready) {
    const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted >= 0) {
      serve(accepted);
      continue;
    }
    if (errno != EMFILE && errno != ENFILE) continue;
    // A client that cannot be taken would keep the listener ready, and this loop busy.
    ::close(spare);
    ::close(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    spare = open_spare();
  }
  ::close(spare);
}

}  // namespace bibsmith::plugin
