#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace bibsmith::fetchers {

struct DatabaseError {
  enum class Code : std::uint8_t {
    damaged,     // not a database, or a broken one
    unwritable,  // read-only, no space, no permission
    busy,        // another process held it for longer than the time-out
    other,
  };
  Code code = Code::other;
  std::string message;
};

// One prepared statement. Binding counts from 1, columns from 0, as in SQLite. A failed bind shows in the
// next step(). Views of columns are valid until the next step() or reset().
class Statement {
 public:
  void bind(int index, std::string_view text);
  void bind(int index, std::int64_t value);
  void bind_blob(int index, std::string_view bytes);
  // Without a copy: the bytes outlive the next reset().
  void bind_kept_blob(int index, std::string_view bytes);

  // true: a row is there; false: done.
  tl::expected<bool, DatabaseError> step();
  // Ready to bind and run again.
  void reset();

  std::string_view text(int column) const;
  std::int64_t integer(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// One SQLite connection. One thread at a time; many processes may open the same file.
class Database {
 public:
  enum class Open : std::uint8_t { read_write_create, read_only };

  static tl::expected<Database, DatabaseError> open(const std::string& path, Open how);

  tl::expected<void, DatabaseError> run(const char* sql);
  tl::expected<Statement, DatabaseError> prepare(const char* sql);
  // The one number that `sql` yields (a PRAGMA, a count).
  tl::expected<std::int64_t, DatabaseError> number(const char* sql);
  // Copies the write-ahead log into the database and empties it; as far as other processes that read allow,
  // and without waiting for them.
  void shorten_log();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// Begins at once for writing; rolled back unless committed.
class Transaction {
 public:
  static tl::expected<Transaction, DatabaseError> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  tl::expected<void, DatabaseError> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace bibsmith::fetchers
