// PostgresStore to a file and back.

#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <system_error>
#include <utility>

#include "fetchers/cache/cache_file.hpp"
#include "fetchers/cache/copy_stream.hpp"
#include "fetchers/cache/postgres_store.hpp"
#include "fetchers/cache/sqlite_store.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_at_once = 500;
constexpr std::size_t piece_bytes = 1 << 18;

// What no database can hold is left out.
bool put(CopyStream& stream, const StoredAnswer& answer) {
  const Subject& subject = answer.subject;
  if (plain_text(subject.name) != subject.name || plain_text(subject.source) != subject.source) return false;
  stream.begin_row(7);
  stream.bytes(subject.source);
  stream.bytes(subject.name);
  stream.integer(subject.version);
  stream.truth(answer.current);
  stream.bigint(answer.origin.retrieved.time_since_epoch().count());
  stream.bytes(plain_text(answer.origin.url));
  stream.bytes(answer.body);
  return true;
}

bool put(CopyStream& stream, const StoredMissing& one) {
  const Subject& subject = one.subject;
  if (plain_text(subject.name) != subject.name || plain_text(subject.source) != subject.source) return false;
  stream.begin_row(4);
  stream.bytes(subject.source);
  stream.bytes(subject.name);
  stream.integer(subject.version);
  stream.bigint(one.retrieved.time_since_epoch().count());
  return true;
}

// Pieces of the stream, from rows that `next` yields. A row that cannot be read ends it, and is told.
template <typename Next>
std::function<std::string()> pieces_of(Next next, std::string& problem) {
  return [stream = CopyStream(), next, ended = false, &problem]() mutable -> std::string {
    while (!ended && stream.size() < piece_bytes) {
      auto row = next();
      ended = !row || !*row;
      if (!row) problem = row.error();
      if (row && *row) put(stream, **row);
      if (ended) stream.end();
    }
    return stream.take();
  };
}

// A thread makes the next piece while the one before is on its way.
std::function<std::string()> made_ahead(std::function<std::string()> next) {
  struct Ahead {
    std::function<std::string()> next;
    std::future<std::string> piece;  // whose end is waited for before `next` goes
  };
  const auto ahead = std::make_shared<Ahead>(Ahead{std::move(next), {}});
  return [ahead] {
    std::string piece = ahead->piece.valid() ? ahead->piece.get() : ahead->next();
    if (!piece.empty())
      ahead->piece = std::async(std::launch::async, [it = ahead.get()] { return it->next(); });
    return piece;
  };
}

constexpr const char* begin_import =
    "BEGIN;"
    "CREATE TEMPORARY TABLE incoming_answers (LIKE bibsmith.answers) ON COMMIT DROP;"
    "CREATE TEMPORARY TABLE incoming_missing (LIKE bibsmith.missing) ON COMMIT DROP";

constexpr const char* end_import =
    "INSERT INTO bibsmith.answers AS kept (source, subject, version, current, retrieved, url, body) "
    "  SELECT source, subject, version, current, retrieved, url, body FROM incoming_answers "
    "  ORDER BY source, subject, version "
    "  ON CONFLICT (source, subject, version) DO UPDATE SET current = excluded.current, "
    "  retrieved = excluded.retrieved, url = excluded.url, body = excluded.body "
    "  WHERE excluded.retrieved > kept.retrieved;"
    // One newest version a paper: the highest that claims it.
    "UPDATE bibsmith.answers AS older SET current = false FROM bibsmith.answers AS newer "
    "  WHERE older.current AND newer.current AND older.source = newer.source "
    "  AND older.subject = newer.subject AND older.version < newer.version "
    "  AND EXISTS (SELECT 1 FROM incoming_answers AS i WHERE i.source = older.source "
    "  AND i.subject = older.subject);"
    "INSERT INTO bibsmith.missing AS kept (source, subject, version, retrieved) "
    "  SELECT source, subject, version, retrieved FROM incoming_missing ORDER BY source, subject, version "
    "  ON CONFLICT (source, subject, version) DO UPDATE SET "
    "  retrieved = greatest(kept.retrieved, excluded.retrieved);"
    "COMMIT";

// The rows of the file, into tables of that form.
tl::expected<void, PostgresError> copy_rows(PostgresConnection& connection, CacheFileReader& file,
                                            const std::string& answers, const std::string& missing,
                                            std::string& problem) {
  const auto copied = connection.copy_in("COPY " + answers + " FROM STDIN (FORMAT binary)",
                                         made_ahead(pieces_of([&] { return file.next_answer(); }, problem)));
  if (!copied) return tl::unexpected(copied.error());
  const auto others = connection.copy_in("COPY " + missing + " FROM STDIN (FORMAT binary)",
                                         pieces_of([&] { return file.next_missing(); }, problem));
  if (!others) return tl::unexpected(others.error());
  return {};
}

}  // namespace

// A row that another client keeps meanwhile is a conflict, and the whole is undone.
tl::expected<bool, PostgresError> PostgresStore::fill_empty(const std::string& path, std::string& problem) {
  PostgresConnection& connection = database_.connection;
  const auto empty = connection.run(
      "SELECT NOT EXISTS (SELECT 1 FROM bibsmith.answers) AND NOT EXISTS (SELECT 1 FROM bibsmith.missing)");
  if (!empty) return tl::unexpected(empty.error());
  if (empty->integer(0, 0) == 0) return false;
  auto file = CacheFileReader::open(path);
  if (!file) {
    problem = file.error();
    return true;
  }
  if (auto begun = connection.run("BEGIN"); !begun) return tl::unexpected(begun.error());
  auto copied = copy_rows(connection, *file, "bibsmith.answers", "bibsmith.missing", problem);
  if (copied && problem.empty()) {
    const auto ended = connection.run("COMMIT");
    if (ended) return true;
    copied = tl::unexpected(ended.error());
  }
  if (copied) return true;  // the caller undoes it
  if (copied.error().code != PostgresError::Code::conflict) return tl::unexpected(copied.error());
  const auto undone = connection.run("ROLLBACK");
  if (!undone) return tl::unexpected(undone.error());
  return false;
}

tl::expected<void, PostgresError> PostgresStore::merge_incoming(const std::string& path,
                                                                std::string& problem) {
  const auto filled = fill_empty(path, problem);
  if (!filled) return tl::unexpected(filled.error());
  if (*filled) return {};
  auto file = CacheFileReader::open(path);
  if (!file) {
    problem = file.error();
    return {};
  }
  PostgresConnection& connection = database_.connection;
  if (auto begun = connection.run(begin_import); !begun) return tl::unexpected(begun.error());
  const auto copied = copy_rows(connection, *file, "incoming_answers", "incoming_missing", problem);
  if (!copied) return copied;
  if (!problem.empty()) return {};
  const auto ended = connection.run(end_import);
  if (!ended) return tl::unexpected(ended.error());
  return {};
}

tl::expected<void, StoreError> PostgresStore::import_from(const std::string& path) {
  // Makes the connection anew if it broke meanwhile.
  const PostgresCall is_there("SELECT 1");
  if (const auto here = transact({&is_there, 1}); !here) return tl::unexpected(failed(here.error()));
  std::string problem;
  const auto merged = merge_incoming(path, problem);
  if (merged && problem.empty()) return {};
  if (database_.connection.is_open()) (void)database_.connection.run("ROLLBACK");
  if (!merged) return tl::unexpected(failed(merged.error()));
  return tl::unexpected(StoreError{"cannot import " + path + ": " + problem});
}

tl::expected<void, StoreError> PostgresStore::export_to(const std::string& path) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) {
    return tl::unexpected(StoreError{path + " exists already, name another file"});
  }
  const std::string part = path + ".part";
  const auto remove_part = [&] {
    for (const char* companion : {"", "-wal", "-shm", ".lock"}) fs::remove(part + companion, error);
  };
  remove_part();
  const auto exported = [&]() -> tl::expected<void, StoreError> {
    auto file = SqliteStore::open({.path = part, .bytes_max = ~std::uint64_t{0}, .warn = {}});
    if (!file) return tl::unexpected(file.error());
    // By the key of the row before, so that each call is short, whatever the store holds.
    StoredAnswer last;
    for (std::vector<StoredAnswer> answers;; answers.clear()) {
      PostgresCall call(
          "SELECT source, subject, version, current, retrieved, url, body FROM bibsmith.answers "
          "WHERE (source, subject, version) > ($1, $2, $3) ORDER BY source, subject, version LIMIT $4");
      call.text(last.subject.source).text(last.subject.name).integer(last.subject.version);
      call.integer(rows_at_once);
      const auto rows = transact({&call, 1});
      if (!rows) return tl::unexpected(failed(rows.error()));
      for (std::size_t row = 0; row < rows->front().size(); ++row)
        answers.push_back(answer_at(rows->front(), row));
      if (answers.empty()) break;
      last = answers.back();
      if (auto kept = (*file)->keep(answers); !kept) return kept;
    }
    PostgresCall call("SELECT source, subject, version, retrieved FROM bibsmith.missing");
    const auto rows = transact({&call, 1});
    if (!rows) return tl::unexpected(failed(rows.error()));
    for (std::size_t row = 0; row < rows->front().size(); ++row) {
      const PostgresRows& all = rows->front();
      const Subject subject{std::string(all.text(row, 0)), std::string(all.text(row, 1)),
                            static_cast<std::uint16_t>(all.integer(row, 2))};
      const std::chrono::sys_seconds when(std::chrono::seconds(all.integer(row, 3)));
      if (auto kept = (*file)->keep_missing({&subject, 1}, when); !kept) return kept;
    }
    return (*file)->export_to(path);
  }();
  remove_part();
  return exported;
}

}  // namespace bibsmith::fetchers
