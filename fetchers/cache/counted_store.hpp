#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fetchers/cache/store.hpp"

namespace bibsmith::fetchers {

// What became of the calls of all stores of a program. [any thread]
struct StoreCounts {
  std::atomic<std::uint64_t> hits = 0;    // look-ups that found an answer
  std::atomic<std::uint64_t> misses = 0;  // answers that a source had to be asked for
  std::atomic<std::uint64_t> errors = 0;  // calls that failed, and stores that could not be opened
};

// A Store that counts what is found in another one, and what fails. `counts` outlives it.
class CountedStore final : public Store {
 public:
  CountedStore(std::unique_ptr<Store> store, StoreCounts& counts)
      : store_(std::move(store)), counts_(counts) {}

  std::shared_ptr<void> reading(const LookUps& look_ups) override { return store_->reading(look_ups); }
  tl::expected<std::optional<StoredAnswer>, StoreError> find(const Subject& subject,
                                                             std::chrono::sys_seconds oldest) override;
  tl::expected<bool, StoreError> holds(std::string_view source) override;
  tl::expected<bool, StoreError> is_missing(const Subject& subject, std::chrono::sys_seconds oldest) override;
  bool may_have_missing() override;
  tl::expected<void, StoreError> keep(std::span<const StoredAnswer> answers) override;
  tl::expected<void, StoreError> keep_missing(std::span<const Subject> subjects,
                                              std::chrono::sys_seconds when) override;
  tl::expected<StorePosition, StoreError> visit_since(const StorePosition& position,
                                                      const Visit& visit) override;
  tl::expected<StoreStats, StoreError> stats() override;
  tl::expected<void, StoreError> clear() override;
  tl::expected<void, StoreError> export_to(const std::string& path) override;
  tl::expected<void, StoreError> import_from(const std::string& path) override;
  bool is_lost() const override { return store_->is_lost(); }

 private:
  template <typename Result>
  Result counted(Result result) {
    if (!result) ++counts_.errors;
    return result;
  }

  std::unique_ptr<Store> store_;
  StoreCounts& counts_;
};

}  // namespace bibsmith::fetchers
