#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <stop_token>
#include <thread>

namespace bibsmith::plugin {

// A thread for each client, and no more clients than that. [one thread at a time]
class ClientThreads {
 public:
  explicit ClientThreads(std::size_t clients_max) : clients_max_(clients_max) {}
  // Waits for all of them.
  ~ClientThreads();
  ClientThreads(const ClientThreads&) = delete;
  ClientThreads& operator=(const ClientThreads&) = delete;

  // false: there are as many as there may be, or as the system has threads for; nothing was started.
  bool start(std::function<void()> serve);
  // Until all of them have ended, or the time is over.
  void wait_for(std::chrono::milliseconds time);

 private:
  struct Client {
    std::atomic<bool> is_done = false;
    std::thread thread;
  };

  void forget_done();

  std::size_t clients_max_;
  std::list<Client> clients_;
  std::mutex mutex_;  // of each is_done becoming true
  std::condition_variable ended_;
};

// Takes clients of a listening, non-blocking socket until `stop` is requested. Where there are no descriptors
// left for a client it is cut off.
void accept_clients(int listener, const std::stop_token& stop, const std::function<void(int client)>& serve);

}  // namespace bibsmith::plugin
