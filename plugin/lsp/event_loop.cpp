#include "plugin/lsp/event_loop.hpp"

#include <algorithm>
#include <utility>

namespace bibsmith::plugin {

void EventLoop::post(Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  changed_.notify_all();
}

void EventLoop::after(std::chrono::milliseconds pause, const std::string& name, Event event) {
  timers_[name] = {std::chrono::steady_clock::now() + pause, std::move(event)};
}

void EventLoop::quit() {
  {
    const std::lock_guard lock(mutex_);
    is_done_ = true;
  }
  changed_.notify_all();
}

void EventLoop::run() {
  for (;;) {
    Event event;
    {
      std::unique_lock lock(mutex_);
      const auto first =
          std::ranges::min_element(timers_, {}, [](const auto& timer) { return timer.second.due; });
      const auto is_ready = [&] { return is_done_ || !events_.empty(); };
      if (first == timers_.end()) {
        changed_.wait(lock, is_ready);
      } else if (!changed_.wait_until(lock, first->second.due, is_ready)) {
        event = std::move(first->second.event);
        timers_.erase(first);
      }
      if (is_done_) return;
      if (!event) {
        event = std::move(events_.front());
        events_.pop_front();
      }
    }
    event();
  }
}

Jobs::Jobs(SessionPool& sessions, std::size_t threads) : sessions_(sessions) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    waiting_.clear();
    for (std::stop_source& stop : running_) stop.request_stop();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::stop_source Jobs::start(Job job) {
  std::stop_source stop;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(job), stop});
  }
  changed_.notify_one();
  return stop;
}

void Jobs::work() {
  for (;;) {
    Waiting next;
    std::list<std::stop_source>::iterator running;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return is_closed_ || !waiting_.empty(); });
      if (is_closed_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      running = running_.insert(running_.end(), next.stop);
    }
    {
      const SessionPool::Lease session = sessions_.take();
      next.job(*session, next.stop.get_token());
    }
    const std::lock_guard lock(mutex_);
    running_.erase(running);
  }
}

}  // namespace bibsmith::plugin
