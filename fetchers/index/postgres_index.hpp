#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/cache/postgres_parts.hpp"
#include "fetchers/index/postgres_writer.hpp"
#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// The index of a group, in its database (fetchers/cache/postgres_records.sql). Who adds to it waits for
// others that do; who reads waits for nobody. A look-up by name or exact title is one trip to the server, one
// with typos three to six. A connection that broke is made anew by the next look-up; a server that does not
// answer is not asked again.
class PostgresIndex final : public RecordIndex {
 public:
  struct Options {
    PostgresConnection::Options connection;
    ReadTitle read_title = nullptr;
  };

  // An engine without hash partitions has no index.
  static tl::expected<std::unique_ptr<PostgresIndex>, IndexError> open(Options options);
  ~PostgresIndex() override;

  using RecordIndex::like;
  void begin_bulk(std::size_t connections) override;
  void end_bulk() override;
  tl::expected<void, IndexError> collect(std::span<const Record> records) override;
  tl::expected<void, IndexError> commit(const std::optional<Mark>& mark = {}) override;
  tl::expected<std::string, IndexError> mark(std::string_view name) override;
  tl::expected<std::vector<IndexedWork>, IndexError> with(const ArxivId& id) override;
  tl::expected<std::vector<IndexedWork>, IndexError> with(const Doi& doi) override;
  tl::expected<std::vector<IndexedWork>, IndexError> titled(std::string_view title) override;
  tl::expected<std::vector<IndexedWork>, IndexError> with_abstract(std::string_view beginning) override;
  tl::expected<std::vector<IndexedWork>, IndexError> like(std::string_view title,
                                                          std::size_t works_max) override;
  tl::expected<std::vector<IndexedWork>, IndexError> search(const IndexQuery& query) override;
  tl::expected<IndexStats, IndexError> stats() override;
  tl::expected<void, IndexError> clear() override;

 private:
  using Done = PostgresWriter::Done;
  template <typename T>
  using Found = tl::expected<T, PostgresError>;
  struct Frequency {
    std::int64_t titles = 0;
    std::int64_t names = 0;
  };
  struct Place {
    std::string identity;
    std::string source;
  };
  class Near;
  class Search;
  // A connection that writes a part.
  struct Other {
    explicit Other(PostgresDatabase opened) : database(std::move(opened)) {}
    PostgresDatabase database;
    PostgresWriter writer{database};
  };

  PostgresIndex(Options options, PostgresDatabase database);

  IndexError failed(const PostgresError& error) const;
  Done begin();
  // Waits for rows that are being written; an error is told by the next collect() or commit().
  void settle();
  tl::expected<void, IndexError> settled();
  // Undoes what was collected if it failed.
  tl::expected<void, IndexError> finish(const Done& done);
  void tune();
  // A connection that is open, and not one that was given up.
  Done reach();
  PostgresConnection::Results ask(std::span<const PostgresCall> calls);
  // Records of `SELECT identity, source, body ...`.
  Found<std::vector<Record>> records(const PostgresCall& call);
  tl::expected<std::vector<IndexedWork>, IndexError> named(const std::string& name);
  // Of the works whose fingerprint in a column is `print` those that are meant: two texts may have one
  // fingerprint, and one identity two sources.
  tl::expected<std::vector<IndexedWork>, IndexError> printed(
      const std::string& condition, std::int64_t print, const std::function<bool(const Record&)>& is_meant);
  // How often the words are there; those that are not have no element.
  Found<std::map<std::string, Frequency>> frequencies(std::span<const std::string> words);
  // The records at these places, one for each; none: it is gone.
  Found<std::vector<std::optional<Record>>> records_at(std::span<const Place> places);

  Options options_;
  PostgresDatabase database_;
  std::optional<PostgresError> given_up_;  // the server did not answer
  PostgresWriter writer_{database_};
  std::size_t connections_ = 1;  // wanted for writing
  bool is_bulk_ = false;
  std::vector<std::unique_ptr<Other>> others_;  // that write too
  // Rows of collect() on their way, with all of the above but the options until settle().
  std::vector<std::future<Done>> writing_;
  std::optional<IndexError> failure_;  // of them, not told yet
};

}  // namespace bibsmith::fetchers
