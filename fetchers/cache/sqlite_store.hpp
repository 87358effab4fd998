#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/cache/database.hpp"
#include "fetchers/cache/store.hpp"

namespace bibsmith::fetchers {

// The Store in one SQLite file (WAL), the default. docs/cache-format.md documents the file.
//
// A file that is damaged, or is no cache of ours, is renamed to "NAME.set-aside-N" (never deleted), a new
// one takes its place, and `warn` hears of it. A file of a newer format is left alone and refused.
class SqliteStore final : public Store {
 public:
  struct Options {
    std::string path;                            // its folder is made if need be
    std::uint64_t bytes_max = 512ull << 20;      // the oldest answers go first
    std::function<void(std::string_view)> warn;  // one line
  };

  static tl::expected<std::unique_ptr<SqliteStore>, StoreError> open(Options options);

  std::shared_ptr<void> reading(const LookUps& look_ups) override;
  tl::expected<std::optional<StoredAnswer>, StoreError> find(const Subject& subject,
                                                             std::chrono::sys_seconds oldest) override;
  tl::expected<bool, StoreError> holds(std::string_view source) override;
  tl::expected<bool, StoreError> is_missing(const Subject& subject, std::chrono::sys_seconds oldest) override;
  bool may_have_missing() override { return may_have_missing_; }
  tl::expected<void, StoreError> keep(std::span<const StoredAnswer> answers) override;
  tl::expected<void, StoreError> keep_missing(std::span<const Subject> subjects,
                                              std::chrono::sys_seconds when) override;
  tl::expected<StorePosition, StoreError> visit_since(const StorePosition& position,
                                                      const Visit& visit) override;
  tl::expected<StoreStats, StoreError> stats() override;
  tl::expected<void, StoreError> clear() override;
  tl::expected<void, StoreError> export_to(const std::string& path) override;
  tl::expected<void, StoreError> import_from(const std::string& path) override;

 private:
  SqliteStore(Options options, Database database)
      : options_(std::move(options)), database_(std::move(database)) {}

  tl::expected<void, DatabaseError> evict();
  tl::expected<std::uint64_t, DatabaseError> bytes_used();
  void shorten_log();
  StoreError failed(const DatabaseError& error);

  Options options_;
  Database database_;
  // Of the state that a reading() sees; true where it is not known.
  bool may_have_answers_ = true;
  bool may_have_missing_ = true;
  // Prepared on first use, kept for the thousands of look-ups of a batch.
  std::unique_ptr<Statement> find_current_;
  std::unique_ptr<Statement> find_version_;
  std::unique_ptr<Statement> find_missing_;
  std::unique_ptr<Statement> find_source_;
};

}  // namespace bibsmith::fetchers
