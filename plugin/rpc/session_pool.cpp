#include "plugin/rpc/session_pool.hpp"

#include <utility>

namespace bibsmith::plugin {

SessionPool::Lease::~Lease() {
  if (!session_) return;
  if (!session_->has_lost_store()) {
    lost_.reset();
  } else if (!lost_) {
    lost_ = Clock::now();
  }
  const std::lock_guard lock(pool_->mutex_);
  pool_->free_.push_back({std::move(session_), lost_});
}

SessionPool::Lease SessionPool::take() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  while (!free_.empty()) {
    // The one that was used last has its pages at hand.
    Free one = std::move(free_.back());
    free_.pop_back();
    if (!one.lost || now - *one.lost < without_store_max_) return {*this, std::move(one.session), one.lost};
  }
  return {*this, make_()};
}

}  // namespace bibsmith::plugin
