#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "plugin/rpc/json_rpc.hpp"
#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// What may wait of one client at a time; it is read no further until there is room again.
inline constexpr std::size_t waiting_requests_max = 10000;
inline constexpr std::size_t waiting_bytes_max = message_bytes_max;

// One client of JSON-RPC: takes its messages as they come, calls methods one after the other on a thread of
// its own, and sends responses and news. While a method runs, "$/cancelRequest" with an id stops that
// request. receive() and finish() are called by one thread.
class Conversation {
 public:
  // `send` is called by both threads, one at a time.
  using Send = std::function<void(const std::string& message)>;

  Conversation(SessionPool& sessions, Send send);
  // Stops what runs and drops what waits.
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void receive(std::string_view message);
  // No more will come: returns when all is answered, or abandoned.
  void finish();
  // Nobody waits for answers any more: stops what runs, drops what waits and what still comes. [any thread]
  void abandon();

 private:
  struct Batch;
  struct Job {
    RpcRequest request;
    std::stop_source stop;
    std::shared_ptr<Batch> batch;  // null: a message of its own
    std::size_t bytes = 0;         // of the message, counted once
  };

  void cancel(const RpcRequest& request);
  void work();
  void answer(Job& job, const MethodResult& result);
  void send(const std::string& message);

  SessionPool& sessions_;
  Send send_;
  std::mutex send_mutex_;
  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::shared_ptr<Job> running_;
  bool is_closed_ = false;
  std::thread worker_;
};

}  // namespace bibsmith::plugin
