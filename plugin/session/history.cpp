#include "plugin/session/history.hpp"

#include <utility>

#include "fetchers/cache/own_database.hpp"
#include "plugin/session/history_schema.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::Database;
using fetchers::DatabaseError;
using fetchers::Statement;
using fetchers::Transaction;

using Done = tl::expected<void, DatabaseError>;

// synchronous = FULL: a change must be on the disk before its file is renamed.
constexpr fetchers::DatabaseKind history_kind{
    .what = "history",
    .application_id = 0x62696268,  // "bibh"
    .version = 1,
    .before_schema = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL",
    .schema = history_schema,
    .each_time = "PRAGMA synchronous = FULL",
};

std::uint64_t bytes_of(const std::vector<RecordedSpan>& spans) {
  std::uint64_t bytes = 0;
  for (const RecordedSpan& span : spans) {
    bytes += span.old_text.size() + span.new_text.size() + span.head.size() + span.tail.size() + 64;
  }
  return bytes;
}

void bind_optional(Statement& statement, int index, const std::optional<std::int64_t>& number) {
  if (number) statement.bind(index, *number);  // what is not bound is NULL
}

std::optional<std::int64_t> optional_of(const Statement& row, int column) {
  const std::int64_t number = row.integer(column);
  return number == 0 ? std::nullopt : std::optional(number);  // numbers begin at 1; NULL reads as 0
}

RecordedChange change_of(const Statement& row) {
  RecordedChange change;
  change.number = row.integer(0);
  change.work = row.integer(1);
  change.file = row.text(2);
  change.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(3)));
  change.command = row.text(4);
  change.is_done = row.integer(5) != 0;
  change.before = {static_cast<std::uint64_t>(row.integer(6)), number_of_hex(row.text(7))};
  change.after = {static_cast<std::uint64_t>(row.integer(8)), number_of_hex(row.text(9))};
  change.has_spans = row.integer(10) != 0;
  change.undoes = optional_of(row, 11);
  change.undone_by = optional_of(row, 12);
  return change;
}

RecordedSpan span_of(const Statement& row) {
  RecordedSpan span;
  span.offset = static_cast<std::uint64_t>(row.integer(0));
  int column = 0;
  for (std::string* text : {&span.key, &span.old_key, &span.field, &span.reason, &span.source, &span.old_text,
                            &span.new_text, &span.head, &span.tail}) {
    *text = row.text(++column);
  }
  return span;
}

// Runs a statement that takes numbers and yields no row.
Done run_with(Database& database, const char* sql, std::initializer_list<std::int64_t> numbers) {
  auto statement = database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  int index = 0;
  for (const std::int64_t number : numbers) statement->bind(++index, number);
  if (const auto done = statement->step(); !done) return tl::unexpected(done.error());
  return {};
}

// Runs `steps` as one transaction.
template <typename Steps>
Done transact(Database& database, const Steps& steps) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = steps(); !done) return done;
  return transaction->commit();
}

}  // namespace

tl::expected<History, HistoryError> History::open(const std::string& state_dir, const Warn& warn,
                                                  Limits limits) {
  std::string path = state_dir + "/history.sqlite";
  auto database = fetchers::open_own_database(path, history_kind, warn);
  if (!database) return tl::unexpected(HistoryError{database.error()});
  return History(std::move(path), limits, std::move(*database));
}

tl::unexpected<HistoryError> History::failed(const DatabaseError& error) const {
  return tl::unexpected(HistoryError{fetchers::describe(path_, history_kind, error)});
}

tl::expected<std::int64_t, HistoryError> History::enter(std::vector<NewChange> changes) {
  std::int64_t work = 0;
  const auto entered = transact(database_, [&] { return enter_all(changes, work); });
  if (!entered) return failed(entered.error());
  return work;
}

Done History::enter_all(std::vector<NewChange>& changes, std::int64_t& work) {
  auto insert = database_.prepare(
      "INSERT INTO changes (work, file, time, command, done, size_before, hash_before, size_after, "
      "hash_after, has_spans, undoes) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  for (NewChange& one : changes) {
    RecordedChange& change = one.change;
    change.has_spans = change.has_spans && bytes_of(change.spans) <= limits_.change_bytes_max;
    insert->reset();
    insert->bind(1, work);
    insert->bind(2, change.file);
    insert->bind(3, std::int64_t{change.time.time_since_epoch().count()});
    insert->bind(4, change.command);
    insert->bind(5, static_cast<std::int64_t>(change.before.size));
    insert->bind(6, hex_of(change.before.hash));
    insert->bind(7, static_cast<std::int64_t>(change.after.size));
    insert->bind(8, hex_of(change.after.hash));
    insert->bind(9, std::int64_t{change.has_spans});
    bind_optional(*insert, 10, change.undoes);
    if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
    const auto number = database_.number("SELECT last_insert_rowid()");
    if (!number) return tl::unexpected(number.error());
    change.number = *number;
    if (work == 0) {
      work = change.number;
      if (auto done = run_with(database_, "UPDATE changes SET work = ?1 WHERE number = ?1", {work}); !done) {
        return done;
      }
    }
    if (auto done = enter_spans(change); !done) return done;
    if (auto done = enter_written(one); !done) return done;
  }
  return {};
}

Done History::enter_spans(const RecordedChange& change) {
  if (!change.has_spans) return {};
  auto insert = database_.prepare(
      "INSERT INTO spans (change, place, offset, key, old_key, field, reason, source, old_text, new_text, "
      "head, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  std::int64_t place = 0;
  for (const RecordedSpan& span : change.spans) {
    insert->reset();
    insert->bind(1, change.number);
    insert->bind(2, place++);
    insert->bind(3, static_cast<std::int64_t>(span.offset));
    insert->bind(4, span.key);
    insert->bind(5, span.old_key);
    insert->bind(6, span.field);
    insert->bind(7, span.reason);
    insert->bind(8, span.source);
    insert->bind_blob(9, span.old_text);
    insert->bind_blob(10, span.new_text);
    insert->bind_blob(11, span.head);
    insert->bind_blob(12, span.tail);
    if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
  }
  return {};
}

Done History::enter_written(const NewChange& change) {
  // What was Bibsmith's under the old key of an entry is so under the new one.
  WrittenValues values;
  std::map<std::string, std::string> renamed;
  for (const RecordedSpan& span : change.change.spans) {
    if (!span.old_key.empty()) renamed.emplace(span.old_key, span.key);
  }
  if (!renamed.empty()) {
    const auto before = load_written(change.change.file);
    if (!before) return tl::unexpected(before.error());
    for (const auto& [name, value] : *before) {
      if (const auto new_key = renamed.find(name.first); new_key != renamed.end()) {
        values[{new_key->second, name.second}] = value;
      }
    }
  }
  for (const WrittenValue& one : change.written) values[{one.key, one.field}] = one.value;
  auto insert = database_.prepare(
      "INSERT OR REPLACE INTO written (file, key, field, change, value) VALUES (?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  for (const auto& [name, value] : values) {
    insert->reset();
    insert->bind(1, change.change.file);
    insert->bind(2, name.first);
    insert->bind(3, name.second);
    insert->bind(4, change.change.number);
    insert->bind(5, value);
    if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
  }
  return {};
}

tl::expected<void, HistoryError> History::confirm(std::int64_t work) {
  const auto confirmed = transact(database_, [&]() -> Done {
    if (auto done = run_with(database_,
                             "UPDATE changes SET undone_by = (SELECT number FROM changes AS undo WHERE "
                             "undo.work = ?1 AND undo.undoes = changes.number) WHERE number IN "
                             "(SELECT undoes FROM changes WHERE work = ?1)",
                             {work});
        !done) {
      return done;
    }
    return run_with(database_, "UPDATE changes SET done = 1 WHERE work = ?", {work});
  });
  if (!confirmed) return failed(confirmed.error());
  if (const auto evicted = evict(); !evicted) return failed(evicted.error());
  return {};
}

tl::expected<void, HistoryError> History::drop(std::int64_t work) {
  const auto dropped = transact(database_, [&]() -> Done {
    for (const char* sql : {"DELETE FROM spans WHERE change IN (SELECT number FROM changes WHERE work = ?)",
                            "DELETE FROM written WHERE change IN (SELECT number FROM changes WHERE work = ?)",
                            "DELETE FROM changes WHERE work = ?"}) {
      if (auto done = run_with(database_, sql, {work}); !done) return done;
    }
    return {};
  });
  if (!dropped) return failed(dropped.error());
  return {};
}

tl::expected<void, HistoryError> History::settle(const std::string& file, std::string_view present) {
  auto query = database_.prepare(
      "SELECT number, size_after, hash_after, undoes FROM changes WHERE file = ? AND done = 0");
  if (!query) return failed(query.error());
  query->bind(1, file);
  struct Pending {
    std::int64_t number = 0;
    Fingerprint after;
    std::optional<std::int64_t> undoes;
  };
  std::vector<Pending> pending;
  while (true) {
    const auto row = query->step();
    if (!row) return failed(row.error());
    if (!*row) break;
    pending.push_back({query->integer(0),
                       {static_cast<std::uint64_t>(query->integer(1)), number_of_hex(query->text(2))},
                       optional_of(*query, 3)});
  }
  if (pending.empty()) return {};
  const Fingerprint now = fingerprint_of(present);
  const auto settled = transact(database_, [&]() -> Done {
    for (const Pending& change : pending) {
      const auto run = [&](const char* sql) { return run_with(database_, sql, {change.number}); };
      if (change.after == now) {
        if (auto done = run("UPDATE changes SET done = 1 WHERE number = ?"); !done) return done;
        if (!change.undoes) continue;
        if (auto done = run_with(database_, "UPDATE changes SET undone_by = ?2 WHERE number = ?1",
                                 {*change.undoes, change.number});
            !done) {
          return done;
        }
        continue;
      }
      for (const char* sql : {"DELETE FROM spans WHERE change = ?", "DELETE FROM written WHERE change = ?",
                              "DELETE FROM changes WHERE number = ?"}) {
        if (auto done = run(sql); !done) return done;
      }
    }
    return {};
  });
  if (!settled) return failed(settled.error());
  return {};
}

tl::expected<std::vector<RecordedChange>, DatabaseError> History::load(const std::string& file) {
  auto query = database_.prepare(
      "SELECT number, work, file, time, command, done, size_before, hash_before, size_after, hash_after, "
      "has_spans, undoes, undone_by FROM changes WHERE file = ? ORDER BY number DESC");
  if (!query) return tl::unexpected(query.error());
  query->bind(1, file);
  std::vector<RecordedChange> changes;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    changes.push_back(change_of(*query));
  }
  auto spans = database_.prepare(
      "SELECT offset, key, old_key, field, reason, source, old_text, new_text, head, tail FROM spans WHERE "
      "change = ? ORDER BY place");
  if (!spans) return tl::unexpected(spans.error());
  for (RecordedChange& change : changes) {
    spans->reset();
    spans->bind(1, change.number);
    while (true) {
      const auto row = spans->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      change.spans.push_back(span_of(*spans));
    }
  }
  return changes;
}

tl::expected<std::vector<RecordedChange>, HistoryError> History::changes_of(const std::string& file) {
  auto changes = load(file);
  if (!changes) return failed(changes.error());
  return std::move(*changes);
}

tl::expected<std::vector<std::string>, HistoryError> History::files_of_work(std::int64_t work) {
  auto query = database_.prepare("SELECT file FROM changes WHERE work = ? ORDER BY number");
  if (!query) return failed(query.error());
  query->bind(1, work);
  std::vector<std::string> files;
  while (true) {
    const auto row = query->step();
    if (!row) return failed(row.error());
    if (!*row) return files;
    files.emplace_back(query->text(0));
  }
}

tl::expected<WrittenValues, DatabaseError> History::load_written(const std::string& file) {
  auto query = database_.prepare(
      "SELECT key, field, value FROM written LEFT JOIN changes ON changes.number = written.change "
      "WHERE written.file = ? AND (changes.number IS NULL OR (changes.done = 1 AND changes.undone_by IS "
      "NULL))"
      " ORDER BY change");
  if (!query) return tl::unexpected(query.error());
  query->bind(1, file);
  WrittenValues values;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return values;
    values[{std::string(query->text(0)), std::string(query->text(1))}] = query->text(2);
  }
}

tl::expected<WrittenValues, HistoryError> History::last_written(const std::string& file) {
  auto values = load_written(file);
  if (!values) return failed(values.error());
  return std::move(*values);
}

// Oldest first, a tenth at a time, never the newest. Of the values that a change wrote those go that it did
// not write last, and those that were taken back with it. Bounded: each round removes a change, or ends.
Done History::evict() {
  for (int round = 0; round < 100; ++round) {
    const auto bytes = database_.number(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
        "pragma_page_size");
    if (!bytes) return tl::unexpected(bytes.error());
    const auto count = database_.number("SELECT count(*) FROM changes");
    if (!count) return tl::unexpected(count.error());
    if (static_cast<std::uint64_t>(*bytes) <= limits_.bytes_max || *count <= 1) return {};
    const auto evicted = transact(database_, [&] {
      return database_.run(
          "CREATE TEMP TABLE leaving AS SELECT number FROM changes WHERE done = 1 AND number < (SELECT "
          "max(number) FROM changes) ORDER BY number LIMIT (SELECT max(1, count(*) / 10) FROM changes);"
          "DELETE FROM written WHERE change IN (SELECT number FROM leaving) AND ("
          "  EXISTS (SELECT 1 FROM changes WHERE number = written.change AND undone_by IS NOT NULL) OR "
          "  EXISTS (SELECT 1 FROM written AS later JOIN changes ON changes.number = later.change WHERE "
          "    later.file = written.file AND later.key = written.key AND later.field = written.field AND "
          "    later.change > written.change AND changes.done = 1 AND changes.undone_by IS NULL));"
          "DELETE FROM spans WHERE change IN (SELECT number FROM leaving);"
          "DELETE FROM changes WHERE number IN (SELECT number FROM leaving);"
          "DROP TABLE leaving");
    });
    if (!evicted) return evicted;
    if (auto done = database_.run("PRAGMA incremental_vacuum"); !done) return done;
  }
  return {};
}

}  // namespace bibsmith::plugin
