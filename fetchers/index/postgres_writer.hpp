#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fetchers/cache/postgres_parts.hpp"
#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// A record as the tables of a group's index have it.
struct PostgresRow {
  std::string identity;
  std::string source;
  std::int64_t retrieved = 0;
  std::string title;
  std::string people;
  std::string names;
  std::int64_t title_print = 0;
  std::int64_t abstract_print = 0;
  std::string body;
  bool is_new = true;  // its words were not there
};

// Without a title and any identifier: none. [any thread]
std::optional<PostgresRow> postgres_row_of(const Record& record, ReadTitle read_title);
// As the tables have a name that a work is known by. [any thread]
std::string postgres_name(const std::string& name);

// Puts rows, and how often their words are there, into the tables over one connection and in one transaction.
// Two that write at once must have no identity in common. After an error the transaction can be undone, and
// nothing else. [one thread at a time]
class PostgresWriter {
 public:
  using Done = tl::expected<void, PostgresError>;

  // The database outlives it.
  explicit PostgresWriter(PostgresDatabase& database) : database_(database) {}

  bool is_writing() const { return is_writing_; }
  // `sql` begins a transaction.
  Done begin(const std::string& sql = "BEGIN");
  // Rows that are older than those of their identity and source in the tables are passed over.
  Done write(std::vector<PostgresRow> rows);
  Done commit(const std::optional<RecordIndex::Mark>& mark = {});
  void undo();

 private:
  struct Frequency {
    std::int64_t titles = 0;
    std::int64_t names = 0;
  };

  // Leaves the rows that are news, and takes what they replace out of the tables.
  Done replace(std::vector<PostgresRow>& rows);
  Done copy(const std::vector<PostgresRow>& rows);
  Done write_words();
  Done write_mark(const RecordIndex::Mark& mark);

  PostgresDatabase& database_;
  bool is_writing_ = false;
  std::unordered_map<std::string, Frequency> words_;  // of the rows of this transaction
};

}  // namespace bibsmith::fetchers
