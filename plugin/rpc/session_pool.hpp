#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// Sessions for many callers at once: each call takes one, and gives it back with its cache and connections
// open. There are as many as there were calls at one time. [any thread]
class SessionPool {
 public:
  using Make = std::function<std::unique_ptr<Session>()>;

  // `make` is called from any thread, one at a time.
  explicit SessionPool(Make make) : make_(std::move(make)) {}

  // A Session for as long as this lives. It must not outlive the pool.
  class Lease {
   public:
    Lease(SessionPool& pool, std::unique_ptr<Session> session) : pool_(&pool), session_(std::move(session)) {}
    ~Lease();
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;

    Session& operator*() const { return *session_; }

   private:
    SessionPool* pool_;
    std::unique_ptr<Session> session_;
  };

  Lease take();

 private:
  std::mutex mutex_;
  Make make_;
  std::vector<std::unique_ptr<Session>> free_;
};

}  // namespace bibsmith::plugin
