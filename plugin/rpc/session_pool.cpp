#include "plugin/rpc/session_pool.hpp"

#include <utility>

namespace bibsmith::plugin {

SessionPool::Lease::~Lease() {
  if (!session_) return;
  const std::lock_guard lock(pool_->mutex_);
  pool_->free_.push_back(std::move(session_));
}

SessionPool::Lease SessionPool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return {*this, make_()};
  // The one that was used last has its pages at hand.
  std::unique_ptr<Session> session = std::move(free_.back());
  free_.pop_back();
  return {*this, std::move(session)};
}

}  // namespace bibsmith::plugin
