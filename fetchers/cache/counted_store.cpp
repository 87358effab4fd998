#include "fetchers/cache/counted_store.hpp"

namespace bibsmith::fetchers {

tl::expected<std::optional<StoredAnswer>, StoreError> CountedStore::find(const Subject& subject,
                                                                         std::chrono::sys_seconds oldest) {
  auto found = counted(store_->find(subject, oldest));
  if (found && *found) ++counts_.hits;
  return found;
}

tl::expected<bool, StoreError> CountedStore::holds(std::string_view source) {
  return counted(store_->holds(source));
}

tl::expected<bool, StoreError> CountedStore::is_missing(const Subject& subject,
                                                        std::chrono::sys_seconds oldest) {
  return counted(store_->is_missing(subject, oldest));
}

bool CountedStore::may_have_missing() { return store_->may_have_missing(); }

tl::expected<void, StoreError> CountedStore::keep(std::span<const StoredAnswer> answers) {
  counts_.misses += answers.size();
  return counted(store_->keep(answers));
}

tl::expected<void, StoreError> CountedStore::keep_missing(std::span<const Subject> subjects,
                                                          std::chrono::sys_seconds when) {
  counts_.misses += subjects.size();
  return counted(store_->keep_missing(subjects, when));
}

tl::expected<StorePosition, StoreError> CountedStore::visit_since(const StorePosition& position,
                                                                  const Visit& visit) {
  return counted(store_->visit_since(position, visit));
}

tl::expected<StoreStats, StoreError> CountedStore::stats() { return counted(store_->stats()); }

tl::expected<void, StoreError> CountedStore::clear() { return counted(store_->clear()); }

tl::expected<void, StoreError> CountedStore::export_to(const std::string& path) {
  return counted(store_->export_to(path));
}

tl::expected<void, StoreError> CountedStore::import_from(const std::string& path) {
  return counted(store_->import_from(path));
}

}  // namespace bibsmith::fetchers
