#include "fetchers/index/postgres_index.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "fetchers/cache/copy_stream.hpp"
#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/record_names.hpp"
#include "fetchers/record/key_words.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

// What an index of PostgreSQL takes of one key is some 2,700 bytes; a longer word is no word.
constexpr std::size_t word_bytes_max = 100;
constexpr std::size_t name_bytes_max = 400;
constexpr std::size_t records_at_once = 5'000;
constexpr std::size_t words_at_once = 5'000;
// Of one title or beginning of an abstract ("Introduction").
constexpr const char* works_titled_max = "100";
constexpr std::chrono::milliseconds turn_max{60'000};  // for others who add

// As a database can hold it and find it by: UTF-8 of a bounded length.
std::string stored_name(const std::string& name) {
  std::string text = plain_text(name);
  if (text.size() <= name_bytes_max) return text;
  return "long:" + std::to_string(fingerprint_of("name:", text)) + ':' +
         std::to_string(fingerprint_of("again:", text));
}

// The words of a key that can be looked for, one space between two.
std::string stored_words(std::string_view key) {
  std::string out;
  for (const std::string_view word : key_words(key)) {
    if (word.size() > word_bytes_max) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return plain_text(out);
}

// A stream of rows, in one piece.
std::function<std::string()> one_piece(CopyStream& stream) {
  stream.end();
  return [&stream, is_done = false]() mutable {
    return std::exchange(is_done, true) ? std::string() : stream.take();
  };
}

}  // namespace

struct PostgresIndex::Row {
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
  for (bool was_lost = is_collecting_;;) {
    if (auto reached = reach(); !reached) return tl::unexpected(reached.error());
    auto results = database_.connection.transact(calls);
    if (results) return results;
    if (results.error().code == PostgresError::Code::timed_out) given_up_ = results.error();
    if (results.error().code != PostgresError::Code::lost || std::exchange(was_lost, true)) return results;
  }
}

PostgresIndex::Done PostgresIndex::begin() {
  if (is_collecting_) {
    // Never in another connection than what was collected before.
    if (!database_.connection.is_open())
      return tl::unexpected(PostgresError{PostgresError::Code::lost, {}, "the connection broke"});
    return {};
  }
  if (auto reached = reach(); !reached) return reached;
  // One at a time: records that two bring at once would be conflicts.
  const auto begun = database_.connection.run(
      database_.can.advisory_locks ? "BEGIN; SELECT pg_advisory_xact_lock(hashtext('bibsmith.works'))"
                                   : "BEGIN");
  if (!begun) return tl::unexpected(begun.error());
  is_collecting_ = true;
  return {};
}

void PostgresIndex::settle() {
  if (!writing_.valid()) return;
  if (auto done = finish(writing_.get()); !done) failure_ = std::move(done.error());
}

tl::expected<void, IndexError> PostgresIndex::settled() {
  settle();
  if (!failure_) return {};
  return tl::unexpected(*std::exchange(failure_, std::nullopt));
}

tl::expected<void, IndexError> PostgresIndex::finish(const Done& done) {
  if (done) return {};
  is_collecting_ = false;
  words_.clear();
  if (database_.connection.is_open()) (void)database_.connection.run("ROLLBACK");
  return tl::unexpected(failed(done.error()));
}

std::optional<PostgresIndex::Row> PostgresIndex::row_of(const Record& record) const {
  const std::string key = options_.read_title(record.title);
  const std::string identity = identity_of(record, key);
  if (identity.empty()) return std::nullopt;
  Row row;
  row.identity = stored_name(identity);
  row.source = stored_name(std::string(source_of(record)));
  if (!record.origins.empty()) row.retrieved = record.origins.front().retrieved.time_since_epoch().count();
  row.title = stored_words(key);
  for (const std::string& word : author_words(record, options_.read_title)) row.people += word + ' ';
  row.people = stored_words(row.people);
  for (const std::string& name : names_of(record, identity)) {
    if (name == identity) continue;
    if (!row.names.empty()) row.names += '\n';
    row.names += stored_name(name);
  }
  row.title_print = fingerprint_of("title:", squeezed_key(key));
  const std::string beginning = beginning_of(record.abstract, options_.read_title);
  if (!beginning.empty()) row.abstract_print = fingerprint_of("abstract:", beginning);
  row.body = packed(record);
  return row;
}

PostgresIndex::Done PostgresIndex::replace(std::vector<Row>& rows) {
  std::map<std::pair<std::string, std::string>, Row> newest;
  std::vector<std::string> identities;
  for (Row& row : rows) {
    const auto [known, is_first] = newest.try_emplace({row.identity, row.source}, row);
    if (is_first) {
      identities.push_back(row.identity);
    } else if (known->second.retrieved <= row.retrieved) {
      known->second = std::move(row);
    }
  }
  PostgresCall call(
      "SELECT identity, source, retrieved, title, people FROM bibsmith.works "
      "WHERE identity = ANY ($1::text[])");
  call.texts(identities);
  const auto there = database_.connection.call(call);
  if (!there) return tl::unexpected(there.error());
  std::map<std::string, std::vector<std::string>> replaced;  // identities of each source
  for (std::size_t i = 0; i < there->size(); ++i) {
    const auto known = newest.find({std::string(there->text(i, 0)), std::string(there->text(i, 1))});
    if (known == newest.end()) continue;
    if (known->second.retrieved < there->integer(i, 2)) {
      newest.erase(known);
      continue;
    }
    known->second.is_new =
        known->second.title != there->text(i, 3) || known->second.people != there->text(i, 4);
    replaced[known->first.second].push_back(known->first.first);
  }
  // Deleted and made anew, for a table with a partition on another server takes no ON CONFLICT.
  for (const auto& [source, names] : replaced) {
    std::vector<PostgresCall> calls;
    for (const char* table : {"works", "records"}) {
      calls.emplace_back("DELETE FROM bibsmith." + std::string(table) +
                         " WHERE identity = ANY ($1::text[]) AND source = $2");
      calls.back().texts(names).text(source);
    }
    if (const auto gone = database_.connection.transact(calls); !gone) return tl::unexpected(gone.error());
  }
  std::vector<Row> left;
  for (Row& row : rows) {  // in their order: the newest comes last
    auto known = newest.find({row.identity, row.source});
    if (known == newest.end()) continue;
    left.push_back(std::move(known->second));
    newest.erase(known);
  }
  rows = std::move(left);
  return {};
}

PostgresIndex::Done PostgresIndex::copy(const std::vector<Row>& rows) {
  if (rows.empty()) return {};
  CopyStream works;
  CopyStream records;
  for (const Row& row : rows) {
    works.begin_row(8);
    works.bytes(row.identity);
    works.bytes(row.source);
    works.bigint(row.retrieved);
    works.bytes(row.title);
    works.bytes(row.people);
    works.bytes(row.names);
    works.bigint(row.title_print);
    works.bigint(row.abstract_print);
    records.begin_row(3);
    records.bytes(row.identity);
    records.bytes(row.source);
    records.bytes(row.body);
    if (!row.is_new) continue;
    for (const std::string_view word : key_words(row.title)) ++words_[std::string(word)].titles;
    for (const std::string_view word : key_words(row.people)) ++words_[std::string(word)].names;
  }
  const auto kept = database_.connection.copy_in(
      "COPY bibsmith.works (identity, source, retrieved, title, people, names, title_print, abstract_print) "
      "FROM STDIN (FORMAT binary)",
      one_piece(works));
  if (!kept) return tl::unexpected(kept.error());
  const auto bodies = database_.connection.copy_in(
      "COPY bibsmith.records (identity, source, body) FROM STDIN (FORMAT binary)", one_piece(records));
  if (!bodies) return tl::unexpected(bodies.error());
  return {};
}

// The rows are written while the caller reads the next records and their rows are made.
tl::expected<void, IndexError> PostgresIndex::collect(std::span<const Record> records) {
  for (std::size_t at = 0; at < records.size(); at += records_at_once) {
    std::vector<Row> rows;
    for (const Record& record : records.subspan(at, std::min(records_at_once, records.size() - at))) {
      if (auto row = row_of(record)) rows.push_back(std::move(*row));
    }
    if (auto done = settled(); !done) return done;
    writing_ =
        std::async(std::launch::async, [this, rows = std::move(rows)]() mutable { return write(rows); });
  }
  return {};
}

PostgresIndex::Done PostgresIndex::write(std::vector<Row>& rows) {
  if (auto done = begin(); !done) return done;
  if (auto done = replace(rows); !done) return done;
  return copy(rows);
}

// Words that hold no title apart are not counted on: each batch has them, and would write their rows anew.
PostgresIndex::Done PostgresIndex::write_words() {
  std::vector<PostgresCall> calls;
  for (auto next = words_.begin(); next != words_.end();) {
    std::vector<std::string> columns[3];
    for (; next != words_.end() && columns[0].size() < words_at_once; ++next) {
      columns[0].push_back(next->first);
      columns[1].push_back(std::to_string(next->second.titles));
      columns[2].push_back(std::to_string(next->second.names));
    }
    calls.emplace_back(
        "INSERT INTO bibsmith.words AS kept (word, titles, names) "
        "SELECT word, titles, names FROM unnest($1::text[], $2::bigint[], $3::bigint[]) "
        "AS n (word, titles, names) ON CONFLICT (word) DO UPDATE SET titles = kept.titles + excluded.titles, "
        "names = kept.names + excluded.names WHERE (excluded.titles > 0 AND kept.titles < 30000) "
        "OR (excluded.names > 0 AND kept.names < 30000)");
    for (const auto& column : columns) calls.back().texts(column);
  }
  if (calls.empty()) return {};
  if (const auto done = database_.connection.transact(calls); !done) return tl::unexpected(done.error());
  words_.clear();
  return {};
}

tl::expected<void, IndexError> PostgresIndex::commit(const std::optional<Mark>& mark) {
  if (auto done = settled(); !done) return done;
  const auto write = [&]() -> Done {
    if (auto done = begin(); !done) return done;
    if (auto done = write_words(); !done) return done;
    if (mark) {
      PostgresCall call(mark->value.empty()
                            ? "DELETE FROM bibsmith.index_marks WHERE name = $1"
                            : "INSERT INTO bibsmith.index_marks (name, value) VALUES ($1, $2) "
                              "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
      call.text(plain_text(mark->name));
      if (!mark->value.empty()) call.text(plain_text(mark->value));
      if (const auto done = database_.connection.call(call); !done) return tl::unexpected(done.error());
    }
    if (const auto done = database_.connection.run("COMMIT"); !done) return tl::unexpected(done.error());
    is_collecting_ = false;
    return {};
  };
  return finish(write());
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
  call.text(stored_name(name));
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
