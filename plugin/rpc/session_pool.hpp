#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// Sessions for many callers at once: each call takes one, and gives it back with its cache and connections
// open. There are as many as there were calls at one time. [any thread]
//
// A Session that lost its group's store is used on for a while, so that a store that is away is not waited
// for by each call, and then makes room for one that asks again.
class SessionPool {
 public:
  using Clock = std::chrono::steady_clock;
  using Make = std::function<std::unique_ptr<Session>()>;

  // `make` is called from any thread, one at a time.
  explicit SessionPool(Make make, std::chrono::milliseconds without_store_max = std::chrono::seconds(5))
      : make_(std::move(make)), without_store_max_(without_store_max) {}

  // A Session for as long as this lives. It must not outlive the pool.
  class Lease {
   public:
    Lease(SessionPool& pool, std::unique_ptr<Session> session, std::optional<Clock::time_point> lost = {})
        : pool_(&pool), session_(std::move(session)), lost_(lost) {}
    ~Lease();
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;

    Session& operator*() const { return *session_; }

   private:
    SessionPool* pool_;
    std::unique_ptr<Session> session_;
    std::optional<Clock::time_point> lost_;
  };

  Lease take();

 private:
  std::mutex mutex_;
  Make make_;
  std::chrono::milliseconds without_store_max_;
  struct Free {
    std::unique_ptr<Session> session;
    std::optional<Clock::time_point> lost;  // when it was first seen to have no store
  };
  std::vector<Free> free_;
};

}  // namespace bibsmith::plugin
