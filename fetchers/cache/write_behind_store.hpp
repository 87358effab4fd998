#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "fetchers/cache/store.hpp"

namespace bibsmith::fetchers {

// A Store whose keep() returns at once: a thread writes while the caller waits for the next answer, or makes
// entries of the last. One write at a time; whatever else is asked of the store waits for it first.
//
// A write that fails is the error of the next call; if there is none, `warn` hears of it when the store goes.
class WriteBehindStore final : public Store {
 public:
  using Warn = std::function<void(std::string_view)>;

  WriteBehindStore(std::unique_ptr<Store> store, Warn warn)
      : store_(std::move(store)), warn_(std::move(warn)) {}
  ~WriteBehindStore() override;

  std::shared_ptr<void> reading(const LookUps& look_ups) override;
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
  bool is_lost() const override;

 private:
  using Written = tl::expected<void, StoreError>;

  // Waits for the write that is under way, if any; its error is told once.
  Written written();

  std::unique_ptr<Store> store_;
  Warn warn_;
  std::future<Written> write_;
};

}  // namespace bibsmith::fetchers
