#include "plugin/session/history.hpp"

#include <array>
#include <limits>
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
    .version = 3,
    .before_schema = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL",
    .schema = history_schema,
    .upgrade =
        "ALTER TABLE spans ADD COLUMN compressed INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE written ADD COLUMN compressed INTEGER NOT NULL DEFAULT 0",
    // The log may hold several large changes: the one that finds it long copies it into the file.
    .each_time = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000",
};

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

constexpr std::array span_texts = {&RecordedSpan::key,      &RecordedSpan::old_key, &RecordedSpan::field,
                                   &RecordedSpan::reason,   &RecordedSpan::source,  &RecordedSpan::old_text,
                                   &RecordedSpan::new_text, &RecordedSpan::head,    &RecordedSpan::tail};

std::optional<RecordedSpan> unpack_span(Unpacker& packed) {
  RecordedSpan span;
  const auto offset = packed.number();
  if (!offset) return std::nullopt;
  span.offset = *offset;
  for (const auto text : span_texts) {
    const auto bytes = packed.text();
    if (!bytes) return std::nullopt;
    span.*text = *bytes;
  }
  return span;
}

tl::unexpected<DatabaseError> unreadable(const char* what) {
  return tl::unexpected(DatabaseError{DatabaseError::Code::damaged, std::string("unreadable ") + what});
}

// The bytes that were packed, as they stand or in `memory`.
std::optional<std::string_view> plain_bytes(std::string_view packed, bool is_compressed,
                                            std::string& memory) {
  if (!is_compressed) return packed;
  // More than Limits allow, for the values that were written count besides.
  constexpr std::size_t bytes_max = std::size_t{256} << 20;
  auto bytes = decompressed(packed, bytes_max);
  if (!bytes) return std::nullopt;
  memory = std::move(*bytes);
  return memory;
}

bool read_values(std::string_view packed, bool is_compressed, WrittenValues& values) {
  std::string memory;
  const auto plain = plain_bytes(packed, is_compressed, memory);
  if (!plain) return false;
  Unpacker bytes(*plain);
  while (!bytes.at_end()) {
    const auto key = bytes.text();
    const auto field = bytes.text();
    const auto value = bytes.text();
    if (!key || !field || !value) return false;
    values[{std::string(*key), std::string(*field)}] = *value;
  }
  return true;
}

PackedBytes pack(const WrittenValues& values) {
  PackedValues packed;
  for (const auto& [name, value] : values) packed.add(name.first, name.second, value);
  return packed.finish();
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

Done insert_written(Database& database, const std::string& file, std::int64_t change,
                    const PackedBytes& values) {
  if (values.bytes.empty()) return {};
  auto insert =
      database.prepare("INSERT INTO written (change, file, packed, compressed) VALUES (?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  insert->bind(1, change);
  insert->bind(2, file);
  insert->bind_kept_blob(3, values.bytes);
  insert->bind(4, std::int64_t{values.is_compressed});
  if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
  return {};
}

}  // namespace

void PackedSpans::add(const RecordedSpan& span) {
  packer_.add(span.offset);
  for (const auto text : span_texts) packer_.add(span.*text);
  constexpr std::uint64_t rest_bytes = 64;  // of the names, about
  text_bytes_ +=
      span.old_text.size() + span.new_text.size() + span.head.size() + span.tail.size() + rest_bytes;
  if (!span.old_key.empty()) renamed_.emplace(span.old_key, span.key);
}

void PackedValues::add(std::string_view key, std::string_view field, std::string_view value) {
  for (const std::string_view text : {key, field, value}) packer_.add(text);
}

bool read_values(const PackedBytes& packed, WrittenValues& values) {
  return read_values(packed.bytes, packed.is_compressed, values);
}

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
    change.has_spans = change.has_spans && one.spans.text_bytes() <= limits_.change_bytes_max;
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
    if (auto done = enter_spans(one); !done) return done;
    if (auto done = enter_written(one); !done) return done;
  }
  return {};
}

Done History::enter_spans(NewChange& change) {
  if (!change.change.has_spans) return {};
  auto insert = database_.prepare("INSERT INTO spans (change, packed, compressed) VALUES (?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  const PackedBytes spans = change.spans.finish();
  insert->bind(1, change.change.number);
  insert->bind_kept_blob(2, spans.bytes);
  insert->bind(3, std::int64_t{spans.is_compressed});
  if (const auto done = insert->step(); !done) return tl::unexpected(done.error());
  return {};
}

Done History::enter_written(NewChange& change) {
  PackedBytes written = change.written.finish();
  // What was Bibsmith's under the old key of an entry is so under the new one.
  if (const std::map<std::string, std::string>& renamed = change.spans.renamed(); !renamed.empty()) {
    const auto before = load_written(change.change.file, change.change.number);
    if (!before) return tl::unexpected(before.error());
    WrittenValues values;
    for (const auto& [name, value] : *before) {
      if (const auto new_key = renamed.find(name.first); new_key != renamed.end()) {
        values[{new_key->second, name.second}] = value;
      }
    }
    if (!read_values(written, values)) return unreadable("values of a change");
    written = pack(values);
  }
  return insert_written(database_, change.change.file, change.change.number, written);
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
  auto spans = database_.prepare("SELECT packed, compressed FROM spans WHERE change = ?");
  if (!spans) return tl::unexpected(spans.error());
  for (RecordedChange& change : changes) {
    spans->reset();
    spans->bind(1, change.number);
    const auto row = spans->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) continue;
    std::string memory;
    const auto plain = plain_bytes(spans->text(0), spans->integer(1) != 0, memory);
    if (!plain) return unreadable("texts of a change");
    Unpacker packed(*plain);
    while (!packed.at_end()) {
      auto span = unpack_span(packed);
      if (!span) return unreadable("texts of a change");
      change.spans.push_back(std::move(*span));
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

tl::expected<WrittenValues, DatabaseError> History::load_written(const std::string& file, std::int64_t last) {
  auto query = database_.prepare(
      "SELECT packed, compressed FROM written LEFT JOIN changes ON changes.number = written.change "
      "WHERE written.file = ? AND written.change <= ? AND (changes.number IS NULL OR (changes.done = 1 AND "
      "changes.undone_by IS NULL)) ORDER BY change");
  if (!query) return tl::unexpected(query.error());
  query->bind(1, file);
  query->bind(2, last);
  WrittenValues values;
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return values;
    if (!read_values(query->text(0), query->integer(1) != 0, values)) return unreadable("values of a change");
  }
}

tl::expected<WrittenValues, HistoryError> History::last_written(const std::string& file) {
  auto values = load_written(file, std::numeric_limits<std::int64_t>::max());
  if (!values) return failed(values.error());
  return std::move(*values);
}

// Oldest first, a tenth at a time, never the newest. Bounded: each round removes a change, or ends.
Done History::evict() {
  for (int round = 0; round < 100; ++round) {
    const auto bytes = database_.number(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
        "pragma_page_size");
    if (!bytes) return tl::unexpected(bytes.error());
    const auto count = database_.number("SELECT count(*) FROM changes");
    if (!count) return tl::unexpected(count.error());
    if (static_cast<std::uint64_t>(*bytes) <= limits_.bytes_max || *count <= 1) return {};
    if (const auto evicted = transact(database_, [&] { return evict_oldest(); }); !evicted) return evicted;
    if (auto done = database_.run("PRAGMA incremental_vacuum"); !done) return done;
  }
  return {};
}

Done History::evict_oldest() {
  auto done = database_.run(
      "CREATE TEMP TABLE leaving AS SELECT number, file FROM changes WHERE done = 1 AND number < (SELECT "
      "max(number) FROM changes) ORDER BY number LIMIT (SELECT max(1, count(*) / 10) FROM changes)");
  if (!done) return done;
  auto query = database_.prepare("SELECT file, max(number) FROM leaving GROUP BY file");
  if (!query) return tl::unexpected(query.error());
  while (true) {
    const auto row = query->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (auto kept = keep_written(std::string(query->text(0)), query->integer(1)); !kept) return kept;
  }
  query->reset();
  return database_.run(
      "DELETE FROM spans WHERE change IN (SELECT number FROM leaving);"
      "DELETE FROM changes WHERE number IN (SELECT number FROM leaving);"
      "DROP TABLE leaving");
}

// The values that changes of a file up to `last_leaving` wrote last, as the last of them alone. What was
// taken back goes with its change.
Done History::keep_written(const std::string& file, std::int64_t last_leaving) {
  const auto values = load_written(file, last_leaving);
  if (!values) return tl::unexpected(values.error());
  auto remove = database_.prepare(
      "DELETE FROM written WHERE file = ? AND change <= ? AND (change IN (SELECT number FROM leaving) OR "
      "change NOT IN (SELECT number FROM changes))");
  if (!remove) return tl::unexpected(remove.error());
  remove->bind(1, file);
  remove->bind(2, last_leaving);
  if (const auto done = remove->step(); !done) return tl::unexpected(done.error());
  return insert_written(database_, file, last_leaving, pack(*values));
}

}  // namespace bibsmith::plugin
