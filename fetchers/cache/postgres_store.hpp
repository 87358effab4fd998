#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/cache/postgres_parts.hpp"
#include "fetchers/cache/store.hpp"

namespace bibsmith::fetchers {

// The Store in a database of a group, on PostgreSQL or an engine that speaks its protocol; docs/stores.md.
//
// Look-ups of one reading() cost one trip to the server. A connection that broke is made anew, once for each
// call; a server that does not answer is an error at once from then on, so that nobody waits for it twice.
// What no database can hold (a subject that is not UTF-8) is not kept and not found. Nothing is evicted:
// how much a group keeps is its own affair.
class PostgresStore final : public Store {
 public:
  using Options = PostgresConnection::Options;

  static tl::expected<std::unique_ptr<PostgresStore>, StoreError> open(Options options);

  std::shared_ptr<void> reading(const LookUps& look_ups) override;
  tl::expected<std::optional<StoredAnswer>, StoreError> find(const Subject& subject,
                                                             std::chrono::sys_seconds oldest) override;
  tl::expected<bool, StoreError> holds(std::string_view source) override;
  tl::expected<bool, StoreError> is_missing(const Subject& subject, std::chrono::sys_seconds oldest) override;
  tl::expected<void, StoreError> keep(std::span<const StoredAnswer> answers) override;
  tl::expected<void, StoreError> keep_missing(std::span<const Subject> subjects,
                                              std::chrono::sys_seconds when) override;
  tl::expected<StoreStats, StoreError> stats() override;
  tl::expected<void, StoreError> clear() override;
  // The file is a cache of SqliteStore, so that it can be read everywhere.
  tl::expected<void, StoreError> export_to(const std::string& path) override;
  tl::expected<void, StoreError> import_from(const std::string& path) override;
  bool is_lost() const override { return given_up_.has_value(); }

 private:
  // What a reading() fetched of the subjects named, whatever its age.
  struct Ahead {
    using Name = std::pair<std::string, std::string>;  // source, subject
    std::map<Name, std::vector<StoredAnswer>> answers;
    struct Missing {
      std::int64_t version = 0;
      std::int64_t retrieved = 0;
    };
    std::map<Name, std::vector<Missing>> missing;
  };

  PostgresStore(Options options, PostgresDatabase database)
      : options_(std::move(options)), database_(std::move(database)) {}

  // Of rows with source, subject, version, current, retrieved, url and body.
  static StoredAnswer answer_at(const PostgresRows& rows, std::size_t row);
  StoreError failed(const PostgresError& error) const;
  // Runs the calls; with a new connection if the old one broke, and anew after a conflict.
  PostgresConnection::Results transact(std::span<const PostgresCall> calls);
  tl::expected<void, PostgresError> fetch_ahead(const std::vector<Subject>& subjects, Ahead& ahead);
  // Copies the file's rows into a store that holds nothing; false: it holds something.
  tl::expected<bool, PostgresError> fill_empty(const std::string& path, std::string& problem);
  tl::expected<void, PostgresError> merge_incoming(const std::string& path, std::string& problem);

  Options options_;
  PostgresDatabase database_;
  std::optional<PostgresError> given_up_;  // the server did not answer
  std::optional<Ahead> ahead_;
};

}  // namespace bibsmith::fetchers
