#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/cache/postgres_parts.hpp"

namespace bibsmith::fetchers {

// An entry of a library as the store has it. What stands in `text` is the affair of others (docs/sync.md).
struct LibraryRow {
  std::int64_t number = 0;    // in the library, for good
  std::int64_t revision = 0;  // of its last change
  std::string text;
};

struct LibraryState {
  std::int64_t revision = 0;
  std::string role;  // of who asks: "reader", "writer", "owner"
  std::vector<LibraryRow> rows;
};

struct LibraryChange {
  std::int64_t number = 0;          // 0: a new entry
  std::int64_t seen = 0;            // the revision that the change is made for
  std::string key;                  // the citation key
  std::optional<std::string> text;  // nullopt: the entry goes
};

struct LibraryMember {
  std::string person;
  std::string role;
};

// One change of one entry.
struct LibraryEvent {
  std::int64_t revision = 0;
  std::int64_t entry = 0;  // its number
  std::string person;
  std::int64_t made = 0;  // seconds since 1970, UTC
  std::optional<std::string> old_text;
  std::optional<std::string> new_text;
};

// Which part of a history.
struct HistoryQuery {
  std::int64_t events_max = 100;
  std::string person = {};    // empty: of everybody
  std::int64_t revision = 0;  // 0: all
};

struct LibraryError {
  enum class Code : std::uint8_t {
    stale,      // somebody else changed an entry meanwhile: read and merge again
    not_found,  // no such library, or none that we may see
    forbidden,
    failed,
  };
  Code code = Code::failed;
  std::string message;  // one line
};

// The libraries in a store of a group. Who may read and change what is decided by the database. One
// connection; one thread at a time.
class PostgresLibrary {
 public:
  static tl::expected<PostgresLibrary, LibraryError> open(PostgresConnection::Options options);

  // Every entry, in order of number. One trip.
  tl::expected<LibraryState, LibraryError> read(const std::string& library);
  // The entries that changed behind that revision, at most `rows_max` of them; one that is gone has an empty
  // text. One trip.
  tl::expected<LibraryState, LibraryError> read_since(const std::string& library, std::int64_t revision,
                                                      std::int64_t rows_max);
  // All changes or none; returns the new revision. One trip.
  tl::expected<std::int64_t, LibraryError> change(const std::string& library,
                                                  const std::vector<LibraryChange>& changes);
  // Who makes a library is its owner.
  tl::expected<void, LibraryError> create(const std::string& library);
  // By its owner; an empty role takes the person out.
  tl::expected<void, LibraryError> set_role(const std::string& library, const std::string& person,
                                            const std::string& role);
  // Names, with our role in each.
  tl::expected<std::vector<std::pair<std::string, std::string>>, LibraryError> list();
  tl::expected<std::vector<LibraryMember>, LibraryError> members(const std::string& library);
  // The newest first.
  tl::expected<std::vector<LibraryEvent>, LibraryError> history(const std::string& library,
                                                                const HistoryQuery& query);
  // From now on wait() hears of changes of the library, whoever makes them.
  tl::expected<void, LibraryError> listen(const std::string& library);
  // The revision of a change that was told since the last call; waits for one that long. An engine that tells
  // nothing is asked every two seconds.
  tl::expected<std::optional<std::int64_t>, LibraryError> wait(std::chrono::milliseconds time);
  bool is_open() const { return database_.connection.is_open(); }

 private:
  PostgresLibrary(PostgresConnection::Options options, PostgresDatabase database)
      : options_(std::move(options)), database_(std::move(database)) {}

  LibraryError failed(const PostgresError& error) const;
  tl::expected<LibraryState, LibraryError> read_rows(const std::string& library, const PostgresCall& rows);
  // not_found unless we have a role in the library.
  tl::expected<void, LibraryError> need_role(const std::string& library);

  tl::expected<std::optional<std::int64_t>, LibraryError> ask_revision();

  PostgresConnection::Options options_;
  PostgresDatabase database_;
  std::string followed_;  // the library of listen()
  std::chrono::steady_clock::time_point asked_;
};

}  // namespace bibsmith::fetchers
