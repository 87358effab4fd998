#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// One thread does all that touches the workspace, in the order in which it is posted. [post(), quit(): any
// thread; the rest: the thread that runs it]
class EventLoop {
 public:
  using Event = std::function<void()>;

  void post(Event event);
  // Once, after a pause; a later call with the same name replaces it.
  void after(std::chrono::milliseconds pause, const std::string& name, Event event);
  void quit();
  // Until quit().
  void run();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Timer {
    Time due;
    Event event;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;
  bool is_done_ = false;
  std::map<std::string, Timer> timers_;  // of the running thread alone
};

// Work that waits for a network or takes long, away from the loop.
class Jobs {
 public:
  using Job = std::function<void(Session& session, const std::stop_token& stop)>;

  Jobs(SessionPool& sessions, std::size_t threads);
  // Stops what runs, drops what waits.
  ~Jobs();

  // The job is stopped through what this returns.
  std::stop_source start(Job job);

 private:
  struct Waiting {
    Job job;
    std::stop_source stop;
  };

  void work();

  SessionPool& sessions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::list<std::stop_source> running_;
  bool is_closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace bibsmith::plugin
