#include "fetchers/index/postgres_index.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/record_names.hpp"
#include "fetchers/record/key_words.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t records_at_once = 5'000;
constexpr std::size_t connections_max = 16;
// Of one title or beginning of an abstract ("Introduction").
constexpr const char* works_titled_max = "100";
constexpr std::chrono::milliseconds turn_max{60'000};  // for others who add

}  // namespace

PostgresIndex::PostgresIndex(Options options, PostgresDatabase database)
    : options_(std::move(options)), database_(std::move(database)) {}

PostgresIndex::~PostgresIndex() { settle(); }

tl::expected<std::unique_ptr<PostgresIndex>, IndexError> PostgresIndex::open(Options options) {
  options.connection.silence_max = std::max(options.connection.silence_max, turn_max);
  auto database = open_postgres(options.connection);
  if (!database) return tl::unexpected(IndexError{describe(options.connection.url, database.error())});
  if (!database->can.partitions) {
    return tl::unexpected(IndexError{"the store " + shown_address(options.connection.url) +
                                         " keeps no index: " + std::string(name_of(database->can.engine)) +
                                         " has no hash partitions",
                                     true});
  }
  std::unique_ptr<PostgresIndex> index(new PostgresIndex(std::move(options), std::move(*database)));
  index->tune();
  return index;
}

// Look-ups are short: to compile them would take longer than to run them. Words that are all common make the
// server read the whole table for 64 titles that have them, where the index has the few at once. An engine
// without these settings says no.
void PostgresIndex::tune() {
  for (const char* setting : {"SET jit = off", "SET enable_seqscan = off"})
    (void)database_.connection.run(setting);
}

IndexError PostgresIndex::failed(const PostgresError& error) const {
  return IndexError{describe(options_.connection.url, error)};
}

PostgresIndex::Done PostgresIndex::reach() {
  if (given_up_) return tl::unexpected(*given_up_);
  if (database_.connection.is_open()) return {};
  auto database = open_postgres(options_.connection);
  if (!database) {
    given_up_ = database.error();
    return tl::unexpected(*given_up_);
  }
  database_ = std::move(*database);
  tune();
  return {};
}

PostgresConnection::Results PostgresIndex::ask(std::span<const PostgresCall> calls) {
  settle();
  for (bool was_lost = writer_.is_writing();;) {
    if (auto reached = reach(); !reached) return tl::unexpected(reached.error());
    auto results = database_.connection.transact(calls);
    if (results) return results;
    if (results.error().code == PostgresError::Code::timed_out) given_up_ = results.error();
    if (results.error().code != PostgresError::Code::lost || std::exchange(was_lost, true)) return results;
  }
}

void PostgresIndex::begin_bulk(std::size_t connections) {
  connections_ = std::clamp(connections, std::size_t{1}, connections_max);
  is_bulk_ = true;
}

void PostgresIndex::end_bulk() {
  settle();
  others_.clear();
  connections_ = 1;
  is_bulk_ = false;
  if (writer_.is_writing() || !database_.connection.is_open()) return;
  // Where there are no trigrams their index is refused, and nothing is lost.
  for (const char* sql : {"SELECT gin_clean_pending_list('bibsmith.works_words')",
                          "SELECT gin_clean_pending_list('bibsmith.words_trigrams')", "RESET work_mem",
                          "RESET gin_pending_list_limit"})
    (void)database_.connection.run(sql);
}

namespace {

// New rows wait in a list until they go into an index of words many at a time; each look-up reads that list.
// A longer one spares a fifth of the server's work for an import. Only an owner may empty it behind that, and
// only an owner gets it: what an import leaves that was killed, the next one or autovacuum takes.
void let_rows_wait(PostgresConnection& connection) {
  (void)connection.run(
      "SELECT set_config('gin_pending_list_limit', '32MB', false), set_config('work_mem', '64MB', false) "
      "FROM pg_class WHERE oid = 'bibsmith.works_words'::regclass AND pg_has_role(relowner, 'USAGE')");
}

}  // namespace

// The transactions of a commit. Where a server takes no more connections it goes on with those it took.
PostgresIndex::Done PostgresIndex::begin() {
  if (writer_.is_writing()) return {};
  if (auto reached = reach(); !reached) return reached;
  std::erase_if(others_, [](const auto& other) { return !other->database.connection.is_open(); });
  while (others_.size() + 1 < connections_) {
    auto database = open_postgres(options_.connection);
    if (!database) break;
    others_.push_back(std::make_unique<Other>(std::move(*database)));
  }
  if (is_bulk_) {
    let_rows_wait(database_.connection);
    for (const auto& other : others_) let_rows_wait(other->database.connection);
  }
  // One at a time: records that two bring at once would be conflicts.
  Done done = writer_.begin(database_.can.advisory_locks
                                ? "BEGIN; SELECT pg_advisory_xact_lock(hashtext('bibsmith.works'))"
                                : "BEGIN");
  for (const auto& other : others_) {
    if (done) done = other->writer.begin();
  }
  return done;
}

void PostgresIndex::settle() {
  Done all;
  for (std::future<Done>& one : writing_) {
    if (auto done = one.get(); !done) all = std::move(done);
  }
  writing_.clear();
  if (auto done = finish(all); !done) failure_ = std::move(done.error());
}

tl::expected<void, IndexError> PostgresIndex::settled() {
  settle();
  if (!failure_) return {};
  return tl::unexpected(*std::exchange(failure_, std::nullopt));
}

tl::expected<void, IndexError> PostgresIndex::finish(const Done& done) {
  if (done) return {};
  writer_.undo();
  for (const auto& other : others_) other->writer.undo();
  return tl::unexpected(failed(done.error()));
}

// The rows are written while the caller reads the next records and their rows are made. Those of one identity
// always go the same way, so that no two transactions wait for each other.
tl::expected<void, IndexError> PostgresIndex::collect(std::span<const Record> records) {
  for (std::size_t at = 0; at < records.size(); at += records_at_once) {
    std::vector<PostgresRow> rows;
    for (const Record& record : records.subspan(at, std::min(records_at_once, records.size() - at))) {
      if (auto row = postgres_row_of(record, options_.read_title)) rows.push_back(std::move(*row));
    }
    if (auto done = settled(); !done) return done;
    if (auto done = finish(begin()); !done) return done;
    std::vector<std::vector<PostgresRow>> parts(others_.size() + 1);
    for (PostgresRow& row : rows)
      parts[std::hash<std::string>()(row.identity) % parts.size()].push_back(std::move(row));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      PostgresWriter& writer = i == 0 ? writer_ : others_[i - 1]->writer;
      writing_.push_back(std::async(std::launch::async, [&writer, part = std::move(parts[i])]() mutable {
        return writer.write(std::move(part));
      }));
    }
  }
  return {};
}

// The mark last, when all is there that it stands for.
tl::expected<void, IndexError> PostgresIndex::commit(const std::optional<Mark>& mark) {
  if (auto done = settled(); !done) return done;
  Done done = begin();
  for (const auto& other : others_) {
    if (done) done = other->writer.commit();
  }
  if (done) done = writer_.commit(mark);
  return finish(done);
}

tl::expected<std::string, IndexError> PostgresIndex::mark(std::string_view name) {
  PostgresCall call("SELECT value FROM bibsmith.index_marks WHERE name = $1");
  call.text(plain_text(name));
  const auto rows = ask({&call, 1});
  if (!rows) return tl::unexpected(failed(rows.error()));
  return rows->front().size() == 0 ? std::string() : std::string(rows->front().text(0, 0));
}

PostgresIndex::Found<std::vector<Record>> PostgresIndex::records(const PostgresCall& call) {
  const auto rows = ask({&call, 1});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Record> found;
  for (std::size_t i = 0; i < rows->front().size(); ++i) {
    if (auto record = unpacked(rows->front().text(i, 2))) found.push_back(std::move(*record));
  }
  return found;
}

namespace {

// The records of the works that are so, wherever their partitions are: the server asks these for names.
std::string records_where(const std::string& condition) {
  return "SELECT identity, source, body FROM bibsmith.records WHERE identity = ANY (ARRAY("
         "SELECT identity FROM bibsmith.works WHERE " +
         condition + " ORDER BY number DESC LIMIT " + works_titled_max + "))";
}

}  // namespace

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::named(const std::string& name) {
  PostgresCall call(
      "SELECT identity, source, body FROM bibsmith.records WHERE identity = ANY (ARRAY("
      "SELECT $1::text UNION SELECT identity FROM bibsmith.works "
      "WHERE string_to_array(names, E'\\n') @> ARRAY[$1::text]))");
  call.text(postgres_name(name));
  auto found = records(call);
  if (!found) return tl::unexpected(failed(found.error()));
  std::vector<IndexedWork> works;
  for (Record& record : *found) works.push_back({std::move(record), 1});
  return works;
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::with(const ArxivId& id) {
  return named(name_of(id));
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::with(const Doi& doi) {
  return named(name_of(doi));
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::printed(
    const std::string& condition, std::int64_t print, const std::function<bool(const Record&)>& is_meant) {
  PostgresCall call(records_where(condition));
  call.integer(print);
  auto found = records(call);
  if (!found) return tl::unexpected(failed(found.error()));
  std::vector<IndexedWork> works;
  for (Record& record : *found) {
    if (is_meant(record)) works.push_back({std::move(record), 1});
  }
  return works;
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::titled(std::string_view title) {
  const std::string letters = squeezed_key(options_.read_title(title));
  if (letters.empty()) return std::vector<IndexedWork>{};
  return printed("title_print = $1::bigint", fingerprint_of("title:", letters), [&](const Record& record) {
    return record.title == title || squeezed_key(options_.read_title(record.title)) == letters;
  });
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::with_abstract(std::string_view beginning) {
  const std::string letters = beginning_of(beginning, options_.read_title);
  if (letters.empty()) return std::vector<IndexedWork>{};
  return printed(
      "abstract_print = $1::bigint AND abstract_print <> 0", fingerprint_of("abstract:", letters),
      [&](const Record& record) { return beginning_of(record.abstract, options_.read_title) == letters; });
}

tl::expected<IndexStats, IndexError> PostgresIndex::stats() {
  const PostgresCall calls[] = {
      PostgresCall("SELECT count(*) FROM bibsmith.works"),
      PostgresCall(
          "SELECT pg_total_relation_size('bibsmith.works') + pg_total_relation_size('bibsmith.words') "
          "+ coalesce(sum(pg_total_relation_size(relid)), 0)::bigint "
          "FROM pg_partition_tree('bibsmith.records')")};
  const auto rows = ask(calls);
  if (!rows) return tl::unexpected(failed(rows.error()));
  return IndexStats{shown_address(options_.connection.url),
                    static_cast<std::uint64_t>(rows->front().integer(0, 0)),
                    static_cast<std::uint64_t>(rows->back().integer(0, 0))};
}

tl::expected<void, IndexError> PostgresIndex::clear() {
  const PostgresCall calls[] = {
      PostgresCall("DELETE FROM bibsmith.records"), PostgresCall("DELETE FROM bibsmith.works"),
      PostgresCall("DELETE FROM bibsmith.words"), PostgresCall("DELETE FROM bibsmith.index_marks")};
  if (const auto done = ask(calls); !done) return tl::unexpected(failed(done.error()));
  return {};
}

}  // namespace bibsmith::fetchers
