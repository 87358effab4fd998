#include "fetchers/cache/write_behind_store.hpp"

#include <utility>
#include <vector>

namespace bibsmith::fetchers {

WriteBehindStore::~WriteBehindStore() {
  if (const auto done = written(); !done && warn_) warn_(done.error().message);
}

WriteBehindStore::Written WriteBehindStore::written() { return write_.valid() ? write_.get() : Written{}; }

std::shared_ptr<void> WriteBehindStore::reading(const LookUps& look_ups) {
  if (write_.valid()) write_.wait();  // its error waits for a call that can tell it
  return store_->reading(look_ups);
}

tl::expected<std::optional<StoredAnswer>, StoreError> WriteBehindStore::find(
    const Subject& subject, std::chrono::sys_seconds oldest) {
  return written().and_then([&] { return store_->find(subject, oldest); });
}

tl::expected<bool, StoreError> WriteBehindStore::holds(std::string_view source) {
  return written().and_then([&] { return store_->holds(source); });
}

tl::expected<bool, StoreError> WriteBehindStore::is_missing(const Subject& subject,
                                                            std::chrono::sys_seconds oldest) {
  return written().and_then([&] { return store_->is_missing(subject, oldest); });
}

bool WriteBehindStore::may_have_missing() {
  if (write_.valid()) write_.wait();  // its error waits for a call that can tell it
  return store_->may_have_missing();
}

tl::expected<void, StoreError> WriteBehindStore::keep(std::span<const StoredAnswer> answers) {
  // One answer is written sooner than a thread is started.
  constexpr std::size_t worth_a_thread = 8;
  if (auto done = written(); !done) return done;
  if (answers.size() < worth_a_thread) return store_->keep(answers);
  write_ = std::async(std::launch::async,
                      [store = store_.get(), kept = std::vector(answers.begin(), answers.end())] {
                        return store->keep(kept);
                      });
  return {};
}

tl::expected<void, StoreError> WriteBehindStore::keep_missing(std::span<const Subject> subjects,
                                                              std::chrono::sys_seconds when) {
  return written().and_then([&] { return store_->keep_missing(subjects, when); });
}

tl::expected<StorePosition, StoreError> WriteBehindStore::visit_since(const StorePosition& position,
                                                                      const Visit& visit) {
  return written().and_then([&] { return store_->visit_since(position, visit); });
}

tl::expected<StoreStats, StoreError> WriteBehindStore::stats() {
  return written().and_then([&] { return store_->stats(); });
}

tl::expected<void, StoreError> WriteBehindStore::clear() {
  return written().and_then([&] { return store_->clear(); });
}

tl::expected<void, StoreError> WriteBehindStore::export_to(const std::string& path) {
  return written().and_then([&] { return store_->export_to(path); });
}

bool WriteBehindStore::is_lost() const {
  if (write_.valid()) write_.wait();
  return store_->is_lost();
}

tl::expected<void, StoreError> WriteBehindStore::import_from(const std::string& path) {
  return written().and_then([&] { return store_->import_from(path); });
}

}  // namespace bibsmith::fetchers
