#include "fetchers/cache/sqlite_store.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "fetchers/cache/cache_file.hpp"

namespace bibsmith::fetchers {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t log_bytes_max = 2u << 20;

StoredAnswer answer_of(const Statement& row, const Subject& subject) {
  StoredAnswer answer;
  answer.subject = subject;
  answer.subject.version = static_cast<std::uint16_t>(row.integer(0));
  answer.current = row.integer(1) != 0;
  answer.origin.source = subject.source;
  answer.origin.retrieved = std::chrono::sys_seconds(std::chrono::seconds(row.integer(2)));
  answer.origin.url = std::string(row.text(3));
  answer.body = std::string(row.text(4));
  return answer;
}

// `slot`, prepared on first use and reset.
tl::expected<Statement*, DatabaseError> ready(std::unique_ptr<Statement>& slot, Database& database,
                                              const char* sql) {
  if (!slot) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    slot = std::make_unique<Statement>(std::move(*statement));
  }
  slot->reset();
  return slot.get();
}

}  // namespace

tl::expected<std::unique_ptr<SqliteStore>, StoreError> SqliteStore::open(Options options) {
  auto database = open_own_database(options.path, cache_kind(), options.warn);
  if (!database) return tl::unexpected(StoreError{database.error()});
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(options), std::move(*database)));
}

std::shared_ptr<void> SqliteStore::reading(const LookUps& look_ups) {
  if (look_ups.count <= 1) return nullptr;  // found sooner without
  // If it cannot begin, each look-up is a transaction of its own, as it would be without.
  if (!database_.run("BEGIN")) return nullptr;
  may_have_answers_ = database_.number("SELECT EXISTS (SELECT 1 FROM answers)").value_or(1) != 0;
  may_have_missing_ = database_.number("SELECT EXISTS (SELECT 1 FROM missing)").value_or(1) != 0;
  return std::shared_ptr<void>(this, [](SqliteStore* store) {
    store->may_have_answers_ = store->may_have_missing_ = true;
    (void)store->database_.run("COMMIT");
  });
}

StoreError SqliteStore::failed(const DatabaseError& error) {
  return StoreError{describe(options_.path, cache_kind(), error)};
}

tl::expected<std::optional<StoredAnswer>, StoreError> SqliteStore::find(const Subject& subject,
                                                                        std::chrono::sys_seconds oldest) {
  if (!may_have_answers_) return std::nullopt;
  auto statement =
      subject.version == 0
          ? ready(
                find_current_, database_,
                "SELECT version, current, retrieved, url, body FROM answers WHERE source = ? AND subject = ? "
                "AND current = 1 AND retrieved >= ? ORDER BY version DESC LIMIT 1")
          : ready(
                find_version_, database_,
                "SELECT version, current, retrieved, url, body FROM answers WHERE source = ? AND subject = ? "
                "AND version = ? AND retrieved >= ?");
  if (!statement) return tl::unexpected(failed(statement.error()));
  Statement& query = **statement;
  int index = 0;
  query.bind(++index, subject.source);
  query.bind(++index, subject.name);
  if (subject.version != 0) query.bind(++index, std::int64_t{subject.version});
  query.bind(++index, std::int64_t{oldest.time_since_epoch().count()});
  const auto row = query.step();
  if (!row) return tl::unexpected(failed(row.error()));
  std::optional<StoredAnswer> answer;
  if (*row) answer = answer_of(query, subject);
  query.reset();  // or the read transaction would stay open
  return answer;
}

tl::expected<bool, StoreError> SqliteStore::holds(std::string_view source) {
  auto statement = ready(find_source_, database_, "SELECT EXISTS (SELECT 1 FROM answers WHERE source = ?)");
  if (!statement) return tl::unexpected(failed(statement.error()));
  Statement& query = **statement;
  query.bind(1, std::string(source));
  const auto row = query.step();
  if (!row) return tl::unexpected(failed(row.error()));
  const bool found = *row && query.integer(0) != 0;
  query.reset();
  return found;
}

tl::expected<bool, StoreError> SqliteStore::is_missing(const Subject& subject,
                                                       std::chrono::sys_seconds oldest) {
  if (!may_have_missing_) return false;
  auto statement = ready(find_missing_, database_,
                         "SELECT 1 FROM missing WHERE source = ? AND subject = ? AND version IN (0, ?) "
                         "AND retrieved >= ?");
  if (!statement) return tl::unexpected(failed(statement.error()));
  Statement& query = **statement;
  query.bind(1, subject.source);
  query.bind(2, subject.name);
  query.bind(3, std::int64_t{subject.version});
  query.bind(4, std::int64_t{oldest.time_since_epoch().count()});
  const auto row = query.step();
  if (!row) return tl::unexpected(failed(row.error()));
  const bool found = *row;
  query.reset();
  return found;
}

tl::expected<void, StoreError> SqliteStore::keep(std::span<const StoredAnswer> answers) {
  if (answers.empty()) return {};
  const auto write = [&]() -> tl::expected<void, DatabaseError> {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return tl::unexpected(transaction.error());
    auto demote =
        database_.prepare("UPDATE answers SET current = 0 WHERE source = ? AND subject = ? AND current = 1");
    if (!demote) return tl::unexpected(demote.error());
    auto insert = database_.prepare(
        "INSERT OR REPLACE INTO answers (source, subject, version, current, retrieved, url, body) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    auto found =
        database_.prepare("DELETE FROM missing WHERE source = ? AND subject = ? AND version IN (0, ?)");
    if (!found) return tl::unexpected(found.error());
    for (const StoredAnswer& answer : answers) {
      for (Statement* statement : {&*demote, &*insert, &*found}) {
        if (statement == &*demote && !answer.current) continue;
        statement->reset();
        statement->bind(1, answer.subject.source);
        statement->bind(2, answer.subject.name);
        if (statement != &*demote) statement->bind(3, std::int64_t{answer.subject.version});
        if (statement == &*insert) {
          statement->bind(4, std::int64_t{answer.current});
          statement->bind(5, std::int64_t{answer.origin.retrieved.time_since_epoch().count()});
          statement->bind(6, answer.origin.url);
          statement->bind_kept_blob(7, answer.body);
        }
        if (const auto done = statement->step(); !done) return tl::unexpected(done.error());
      }
    }
    return transaction->commit();
  };
  if (const auto written = write(); !written) return tl::unexpected(failed(written.error()));
  if (const auto evicted = evict(); !evicted) return tl::unexpected(failed(evicted.error()));
  shorten_log();
  return {};
}

tl::expected<void, StoreError> SqliteStore::keep_missing(std::span<const Subject> subjects,
                                                         std::chrono::sys_seconds when) {
  if (subjects.empty()) return {};
  const auto write = [&]() -> tl::expected<void, DatabaseError> {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return tl::unexpected(transaction.error());
    auto insert = database_.prepare(
        "INSERT OR REPLACE INTO missing (source, subject, version, retrieved) VALUES (?, ?, ?, ?)");
    if (!insert) return tl::unexpected(insert.error());
    for (const Subject& subject : subjects) {
      insert->reset();
      insert->bind(1, subject.source);
      insert->bind(2, subject.name);
      insert->bind(3, std::int64_t{subject.version});
      insert->bind(4, std::int64_t{when.time_since_epoch().count()});
      if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
    }
    return transaction->commit();
  };
  if (const auto written = write(); !written) return tl::unexpected(failed(written.error()));
  return {};
}

tl::expected<StorePosition, StoreError> SqliteStore::visit_since(const StorePosition& position,
                                                                 const Visit& visit) {
  const auto last = database_.number("SELECT coalesce(max(rowid), 0) FROM answers");
  if (!last) return tl::unexpected(failed(last.error()));
  // The rows are counted anew in a store that was cleared. An answer that replaces the newest takes its row:
  // that is why the time counts too.
  const bool begins_anew = *last < position.row;
  auto rows = database_.prepare(
      "SELECT version, current, retrieved, url, body, source, subject, rowid FROM answers "
      "WHERE rowid > ? OR retrieved >= ? ORDER BY rowid");
  if (!rows) return tl::unexpected(failed(rows.error()));
  rows->bind(1, begins_anew ? 0 : position.row);
  rows->bind(2, std::int64_t{position.retrieved.time_since_epoch().count()});
  StorePosition reached = begins_anew ? StorePosition{} : position;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(failed(row.error()));
    if (!*row) break;
    const StoredAnswer answer =
        answer_of(*rows, Subject{std::string(rows->text(5)), std::string(rows->text(6)), 0});
    reached.row = std::max(reached.row, rows->integer(7));
    reached.retrieved = std::max(reached.retrieved, answer.origin.retrieved);
    visit(answer);
  }
  return reached;
}

tl::expected<std::uint64_t, DatabaseError> SqliteStore::bytes_used() {
  const auto bytes = database_.number(
      "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
      "pragma_page_size");
  if (!bytes) return tl::unexpected(bytes.error());
  return static_cast<std::uint64_t>(*bytes);
}

// Each process that opens the cache reads the log first, so it is not left long.
void SqliteStore::shorten_log() {
  std::error_code error;
  const auto log_bytes = fs::file_size(options_.path + "-wal", error);
  if (!error && log_bytes > log_bytes_max) database_.shorten_log();
}

tl::expected<void, DatabaseError> SqliteStore::evict() {
  // A tenth at a time, oldest first, so that a full cache does not evict at every write. Bounded: each
  // round removes at least one row, or ends.
  for (int round = 0; round < 20; ++round) {
    const auto used = bytes_used();
    if (!used) return tl::unexpected(used.error());
    if (*used <= options_.bytes_max) return {};
    if (auto done =
            database_.run("DELETE FROM answers WHERE (source, subject, version) IN (SELECT source, subject, "
                          "version FROM answers ORDER BY retrieved LIMIT (SELECT max(1, count(*) / 10) FROM "
                          "answers)); PRAGMA incremental_vacuum");
        !done) {
      return done;
    }
  }
  return {};
}

tl::expected<StoreStats, StoreError> SqliteStore::stats() {
  StoreStats stats;
  stats.place = options_.path;
  stats.bytes_max = options_.bytes_max;
  const auto answers = database_.number("SELECT count(*) FROM answers");
  const auto missing = database_.number("SELECT count(*) FROM missing");
  const auto oldest = database_.number("SELECT coalesce(min(retrieved), 0) FROM answers");
  const auto bytes = bytes_used();
  if (!answers) return tl::unexpected(failed(answers.error()));
  if (!missing) return tl::unexpected(failed(missing.error()));
  if (!oldest) return tl::unexpected(failed(oldest.error()));
  if (!bytes) return tl::unexpected(failed(bytes.error()));
  stats.answers = static_cast<std::uint64_t>(*answers);
  stats.missing = static_cast<std::uint64_t>(*missing);
  stats.bytes = *bytes;
  stats.oldest = std::chrono::sys_seconds(std::chrono::seconds(*oldest));
  return stats;
}

tl::expected<void, StoreError> SqliteStore::clear() {
  if (auto done = database_.run("BEGIN IMMEDIATE; DELETE FROM answers; DELETE FROM missing; COMMIT; "
                                "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");
      !done) {
    return tl::unexpected(failed(done.error()));
  }
  return {};
}

tl::expected<void, StoreError> SqliteStore::export_to(const std::string& path) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) {
    return tl::unexpected(StoreError{path + " exists already, name another file"});
  }
  auto statement = database_.prepare("VACUUM INTO ?");
  if (!statement) return tl::unexpected(failed(statement.error()));
  statement->bind(1, path);
  if (const auto done = statement->step(); !done) {
    return tl::unexpected(StoreError{"cannot export the cache to " + path + ": " + done.error().message});
  }
  return {};
}

tl::expected<void, StoreError> SqliteStore::import_from(const std::string& path) {
  const auto problem = [&](const std::string& what) {
    return tl::unexpected(StoreError{"cannot import " + path + ": " + what});
  };
  {
    const auto other = CacheFileReader::open(path);
    if (!other) return problem(other.error());
  }
  auto attach = database_.prepare("ATTACH DATABASE ? AS other");
  if (!attach) return tl::unexpected(failed(attach.error()));
  attach->bind(1, path);
  if (const auto done = attach->step(); !done) return problem(done.error().message);
  attach->reset();
  const auto merged = database_.run(
      "BEGIN IMMEDIATE;"
      "INSERT INTO answers SELECT source, subject, version, current, retrieved, url, body FROM other.answers "
      "WHERE true "
      "  ON CONFLICT DO UPDATE SET current = excluded.current, retrieved = excluded.retrieved, url = "
      "excluded.url, "
      "  body = excluded.body WHERE excluded.retrieved > retrieved;"
      // One newest version a paper: the highest that claims it.
      "UPDATE answers SET current = 0 WHERE current = 1 AND version < (SELECT max(version) FROM answers AS "
      "others "
      "  WHERE others.source = answers.source AND others.subject = answers.subject AND others.current = 1);"
      "INSERT INTO missing SELECT source, subject, version, retrieved FROM other.missing WHERE true "
      "  ON CONFLICT DO UPDATE SET retrieved = max(retrieved, excluded.retrieved);"
      "COMMIT");
  if (!merged) (void)database_.run("ROLLBACK");
  (void)database_.run("DETACH DATABASE other");
  if (!merged) return problem(merged.error().message);
  if (const auto evicted = evict(); !evicted) return tl::unexpected(failed(evicted.error()));
  shorten_log();
  return {};
}

}  // namespace bibsmith::fetchers
