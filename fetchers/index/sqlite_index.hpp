#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "fetchers/cache/database.hpp"
#include "fetchers/index/postings.hpp"
#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// The index in one SQLite file (WAL); docs/index.md describes it. A file that is damaged is put aside, and a
// new one begun.
class SqliteIndex final : public RecordIndex {
 public:
  struct Options {
    std::string path;
    ReadTitle read_title = nullptr;
    std::function<void(std::string_view)> warn;  // one line
  };

  static tl::expected<std::unique_ptr<SqliteIndex>, IndexError> open(Options options);
  ~SqliteIndex() override;

  using RecordIndex::like;
  void begin_bulk(std::size_t connections) override;
  void end_bulk() override;
  tl::expected<void, IndexError> collect(std::span<const Record> records) override;
  tl::expected<void, IndexError> commit(const std::optional<Mark>& mark = {}) override;
  tl::expected<std::string, IndexError> mark(std::string_view name) override;
  std::shared_ptr<void> reading() override;
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
  struct Statements;

  SqliteIndex(Options options, Database database, std::unique_ptr<Statements> statements);

  tl::expected<void, DatabaseError> begin();
  tl::expected<void, IndexError> finish(const tl::expected<void, DatabaseError>& done);
  tl::expected<void, DatabaseError> add_one(const Record& record);
  tl::expected<void, DatabaseError> insert(std::int64_t id, const Record& record, const std::string& name,
                                           const std::string& key);
  tl::expected<void, DatabaseError> remove(std::int64_t id);
  tl::expected<void, DatabaseError> write_fingerprints();
  tl::expected<void, DatabaseError> write_mark(const Mark& mark);
  tl::expected<std::vector<std::int64_t>, DatabaseError> named(std::string_view name);
  tl::expected<std::vector<IndexedWork>, DatabaseError> fingerprinted(std::int64_t fingerprint);
  tl::expected<std::string, DatabaseError> title_of(std::int64_t id);
  tl::expected<std::optional<Record>, DatabaseError> record_of(std::int64_t id);
  tl::expected<std::vector<IndexedWork>, DatabaseError> records_of(std::span<const std::int64_t> ids);
  IndexError failed(const DatabaseError& error) const;
  template <typename T>
  tl::expected<T, IndexError> told(tl::expected<T, DatabaseError> result) const;

  friend class NearTitles;
  friend class WordSearch;

  Options options_;
  Database database_;  // outlives the rest
  std::unique_ptr<Statements> statements_;
  PostingWriter postings_;
  std::optional<Transaction> transaction_;  // of what is collected
  std::int64_t next_id_ = 0;                // within it
  bool is_bulk_ = false;
  // Fingerprints and works, of what is collected: in their order each page of the tree is touched once.
  std::vector<std::pair<std::int64_t, std::int64_t>> fingerprints_;
  // Words that were met and are in too many titles to tell them apart: their lists are not read again.
  std::unordered_set<std::string> common_words_;
};

}  // namespace bibsmith::fetchers
