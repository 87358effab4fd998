#include "fetchers/index/sqlite_index.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "fetchers/cache/own_database.hpp"
#include "fetchers/index/near_titles.hpp"
#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/record_names.hpp"
#include "fetchers/index/schema.hpp"
#include "fetchers/index/statements.hpp"
#include "fetchers/index/word_search.hpp"
#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

using Done = tl::expected<void, DatabaseError>;
template <typename T>
using Found = tl::expected<std::vector<T>, DatabaseError>;

constexpr DatabaseKind index_kind{
    .what = "index",
    .application_id = 0x62696269,  // "bibi"
    .version = 1,
    .before_schema = "PRAGMA synchronous = OFF; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL",
    .schema = index_schema,
    // 64 MiB of pages: the lists that a batch of thousands of works touches are read and written once.
    .each_time = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536",
};

// A title is looked up in pages here and there: mapped, they cost no system calls and no copies. SQLite maps
// 2 GB at most, and reads what is behind.
constexpr char for_look_ups[] = "PRAGMA mmap_size = 2147418112; PRAGMA wal_autocheckpoint = 4000";
// What many commits change is copied out of the log once. Mapped pages would count as memory of the import.
constexpr char for_bulk[] = "PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 40000";

tl::expected<std::vector<std::int64_t>, DatabaseError> numbers(Statement& query) {
  std::vector<std::int64_t> found;
  for (;;) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    found.push_back(query.integer(0));
  }
  query.reset();
  return found;
}

}  // namespace

SqliteIndex::SqliteIndex(Options options, Database database, std::unique_ptr<Statements> statements)
    : options_(std::move(options)), database_(std::move(database)), statements_(std::move(statements)) {}

SqliteIndex::~SqliteIndex() = default;

tl::expected<std::unique_ptr<SqliteIndex>, IndexError> SqliteIndex::open(Options options) {
  auto database = open_own_database(options.path, index_kind, options.warn);
  if (!database) return tl::unexpected(IndexError{database.error()});
  if (auto done = database->run(for_look_ups); !done)
    return tl::unexpected(IndexError{describe(options.path, index_kind, done.error())});
  std::vector<Statement> made;
  for (const char* sql : {"SELECT work FROM names WHERE name = ?",
                          "SELECT body FROM fingerprints JOIN records ON id = work WHERE fingerprint = ?",
                          "SELECT title FROM works WHERE id = ?", "SELECT body FROM records WHERE id = ?",
                          "INSERT INTO works (id, title) VALUES (?, ?)",
                          "INSERT OR REPLACE INTO records (id, body) VALUES (?, ?)",
                          "INSERT OR IGNORE INTO names (name, work) VALUES (?, ?)",
                          "INSERT OR IGNORE INTO fingerprints (fingerprint, work) VALUES (?, ?)"}) {
    auto statement = database->prepare(sql);
    if (!statement) {
      return tl::unexpected(IndexError{describe(options.path, index_kind, statement.error())});
    }
    made.push_back(std::move(*statement));
  }
  auto reader = PostingReader::make(*database);
  if (!reader) return tl::unexpected(IndexError{describe(options.path, index_kind, reader.error())});
  auto next = made.begin();
  const auto take = [&next]() -> Statement&& { return std::move(*next++); };
  // Members of a braced list are made in their order.
  std::unique_ptr<Statements> statements(
      new Statements{take(), take(), take(), take(), take(), take(), take(), take(), std::move(*reader)});
  return std::unique_ptr<SqliteIndex>(
      new SqliteIndex(std::move(options), std::move(*database), std::move(statements)));
}

IndexError SqliteIndex::failed(const DatabaseError& error) const {
  return IndexError{describe(options_.path, index_kind, error)};
}

template <typename T>
tl::expected<T, IndexError> SqliteIndex::told(tl::expected<T, DatabaseError> result) const {
  if (!result) return tl::unexpected(failed(result.error()));
  return std::move(*result);
}

Done SqliteIndex::begin() {
  if (transaction_) return {};
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  transaction_.emplace(std::move(*transaction));
  const auto last = database_.number("SELECT coalesce(max(id), 0) FROM works");
  if (!last) return tl::unexpected(last.error());
  next_id_ = *last + 1;
  return {};
}

tl::expected<void, IndexError> SqliteIndex::finish(const Done& done) {
  if (done) return {};
  transaction_.reset();         // rolls back
  postings_ = PostingWriter();  // what was collected was not kept
  fingerprints_.clear();
  return tl::unexpected(failed(done.error()));
}

// Settings: where one is refused, all goes on as before.
void SqliteIndex::begin_bulk(std::size_t) {
  if (!std::exchange(is_bulk_, true)) (void)database_.run(for_bulk);
}

void SqliteIndex::end_bulk() {
  if (!std::exchange(is_bulk_, false)) return;
  (void)database_.run(for_look_ups);
  // Look-ups pass by a log in which nothing is left.
  database_.shorten_log();
}

tl::expected<void, IndexError> SqliteIndex::collect(std::span<const Record> records) {
  const auto write = [&]() -> Done {
    if (auto done = begin(); !done) return done;
    for (const Record& record : records) {
      if (auto done = add_one(record); !done) return done;
    }
    return {};
  };
  return finish(write());
}

tl::expected<void, IndexError> SqliteIndex::commit(const std::optional<Mark>& mark) {
  const auto write = [&]() -> Done {
    if (auto done = begin(); !done) return done;
    if (auto done = postings_.write(database_); !done) return done;
    if (auto done = write_fingerprints(); !done) return done;
    if (mark) {
      if (auto done = write_mark(*mark); !done) return done;
    }
    if (auto done = transaction_->commit(); !done) return done;
    transaction_.reset();
    return {};
  };
  return finish(write());
}

Done SqliteIndex::add_one(const Record& record) {
  const std::string key = options_.read_title(record.title);
  const std::string identity = identity_of(record, key);
  if (identity.empty()) return {};
  const auto known = named(identity);
  if (!known) return tl::unexpected(known.error());
  for (const std::int64_t id : *known) {
    const auto old = record_of(id);
    if (!old) return tl::unexpected(old.error());
    if (!*old || source_of(**old) != source_of(record)) continue;
    if (identity_of(**old, options_.read_title((*old)->title)) != identity) continue;
    if (is_older(record, **old)) return {};
    const bool same_words =
        options_.read_title((*old)->title) == key &&
        author_words(**old, options_.read_title) == author_words(record, options_.read_title);
    if (same_words) return insert(id, record, identity, {});
    if (auto done = remove(id); !done) return done;
  }
  return insert(next_id_++, record, identity, key);
}

// An empty key: the work is there, and its words stay.
Done SqliteIndex::insert(std::int64_t id, const Record& record, const std::string& identity,
                         const std::string& key) {
  Statements& s = *statements_;
  const auto run = [](Statement& statement) -> Done {
    const auto done = statement.step();
    statement.reset();
    if (!done) return tl::unexpected(done.error());
    return {};
  };
  s.insert_record.bind(1, id);
  s.insert_record.bind_blob(2, packed(record));
  if (auto done = run(s.insert_record); !done) return done;
  for (const std::string& name : names_of(record, identity)) {
    s.insert_name.bind(1, name);
    s.insert_name.bind(2, id);
    if (auto done = run(s.insert_name); !done) return done;
  }
  if (const std::string beginning = beginning_of(record.abstract, options_.read_title); !beginning.empty())
    fingerprints_.emplace_back(fingerprint_of("abstract:", beginning), id);
  if (key.empty()) return {};
  fingerprints_.emplace_back(fingerprint_of("title:", squeezed_key(key)), id);
  s.insert_work.bind(1, id);
  s.insert_work.bind(2, key);
  if (auto done = run(s.insert_work); !done) return done;
  std::string term = title_term;
  for (const std::string_view word : key_words(key)) {
    term.replace(sizeof title_term - 1, std::string::npos, word);
    postings_.add(term, id);
  }
  term = author_term;
  for (const std::string& word : author_words(record, options_.read_title)) {
    term.replace(sizeof author_term - 1, std::string::npos, word);
    postings_.add(term, id);
  }
  return {};
}

// Its words stay in the lists: they lead to a work that is not there, and are passed over.
Done SqliteIndex::remove(std::int64_t id) {
  const auto old = record_of(id);
  if (!old) return tl::unexpected(old.error());
  if (*old) {
    const std::string key = options_.read_title((*old)->title);
    for (const std::string& name : names_of(**old, identity_of(**old, key))) {
      auto forget = database_.prepare("DELETE FROM names WHERE name = ? AND work = ?");
      if (!forget) return tl::unexpected(forget.error());
      forget->bind(1, name);
      forget->bind(2, id);
      if (const auto done = forget->step(); !done) return tl::unexpected(done.error());
    }
    for (const std::int64_t fingerprint :
         {fingerprint_of("title:", squeezed_key(key)),
          fingerprint_of("abstract:", beginning_of((*old)->abstract, options_.read_title))}) {
      auto forget = database_.prepare("DELETE FROM fingerprints WHERE fingerprint = ? AND work = ?");
      if (!forget) return tl::unexpected(forget.error());
      forget->bind(1, fingerprint);
      forget->bind(2, id);
      if (const auto done = forget->step(); !done) return tl::unexpected(done.error());
    }
  }
  const std::string number = std::to_string(id);
  return database_.run(
      ("DELETE FROM works WHERE id = " + number + "; DELETE FROM records WHERE id = " + number).c_str());
}

Done SqliteIndex::write_fingerprints() {
  std::ranges::sort(fingerprints_);
  for (const auto& [fingerprint, work] : fingerprints_) {
    Statement& insert = statements_->insert_fingerprint;
    insert.bind(1, fingerprint);
    insert.bind(2, work);
    const auto done = insert.step();
    insert.reset();
    if (!done) return tl::unexpected(done.error());
  }
  fingerprints_.clear();
  return {};
}

Done SqliteIndex::write_mark(const Mark& mark) {
  auto statement = database_.prepare(mark.value.empty() ? "DELETE FROM marks WHERE name = ?"
                                                        : "INSERT OR REPLACE INTO marks VALUES (?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, mark.name);
  if (!mark.value.empty()) statement->bind(2, mark.value);
  if (const auto done = statement->step(); !done) return tl::unexpected(done.error());
  return {};
}

tl::expected<std::string, IndexError> SqliteIndex::mark(std::string_view name) {
  auto statement = database_.prepare("SELECT value FROM marks WHERE name = ?");
  if (!statement) return tl::unexpected(failed(statement.error()));
  statement->bind(1, name);
  const auto row = statement->step();
  if (!row) return tl::unexpected(failed(row.error()));
  return *row ? std::string(statement->text(0)) : std::string();
}

Found<std::int64_t> SqliteIndex::named(std::string_view name) {
  statements_->named.bind(1, name);
  return numbers(statements_->named);
}

Found<IndexedWork> SqliteIndex::fingerprinted(std::int64_t fingerprint) {
  Statement& query = statements_->fingerprinted;
  query.bind(1, fingerprint);
  std::vector<IndexedWork> works;
  for (;;) {
    const auto row = query.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (auto record = unpacked(query.text(0))) works.push_back({*std::move(record), 1});
  }
  query.reset();
  return works;
}

tl::expected<std::string, DatabaseError> SqliteIndex::title_of(std::int64_t id) {
  Statement& query = statements_->title_of;
  query.bind(1, id);
  const auto row = query.step();
  if (!row) return tl::unexpected(row.error());
  std::string title = *row ? std::string(query.text(0)) : std::string();
  query.reset();
  return title;
}

tl::expected<std::optional<Record>, DatabaseError> SqliteIndex::record_of(std::int64_t id) {
  Statement& query = statements_->record_of;
  query.bind(1, id);
  const auto row = query.step();
  if (!row) return tl::unexpected(row.error());
  std::optional<Record> record;
  if (*row) record = unpacked(query.text(0));
  query.reset();
  return record;
}

Found<IndexedWork> SqliteIndex::records_of(std::span<const std::int64_t> ids) {
  std::vector<IndexedWork> works;
  for (const std::int64_t id : ids) {
    auto record = record_of(id);
    if (!record) return tl::unexpected(record.error());
    if (*record) works.push_back({*std::move(*record), 1});
  }
  return works;
}

std::shared_ptr<void> SqliteIndex::reading() {
  // Where one is under way already each look-up is part of that.
  if (transaction_ || !database_.run("BEGIN")) return nullptr;
  return std::shared_ptr<void>(this, [](SqliteIndex* index) { (void)index->database_.run("COMMIT"); });
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::with(const ArxivId& id) {
  return told(named(name_of(id)).and_then([this](const auto& ids) { return records_of(ids); }));
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::with(const Doi& doi) {
  return told(named(name_of(doi)).and_then([this](const auto& ids) { return records_of(ids); }));
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::titled(std::string_view title) {
  const std::string letters = squeezed_key(options_.read_title(title));
  if (letters.empty()) return {};
  auto works = fingerprinted(fingerprint_of("title:", letters));
  if (!works) return tl::unexpected(failed(works.error()));
  // Two titles may have one fingerprint.
  std::erase_if(*works, [&](const IndexedWork& work) {
    const std::string& found = work.record.title;
    return found != title && squeezed_key(options_.read_title(found)) != letters;
  });
  return std::move(*works);
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::with_abstract(std::string_view beginning) {
  const std::string letters = beginning_of(beginning, options_.read_title);
  if (letters.empty()) return {};
  auto works = fingerprinted(fingerprint_of("abstract:", letters));
  if (!works) return tl::unexpected(failed(works.error()));
  std::erase_if(*works, [&](const IndexedWork& work) {
    return beginning_of(work.record.abstract, options_.read_title) != letters;
  });
  return std::move(*works);
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::like(std::string_view title,
                                                                     std::size_t works_max) {
  const auto held = reading();
  return told(NearTitles(*this, title).find(works_max));
}

tl::expected<std::vector<IndexedWork>, IndexError> SqliteIndex::search(const IndexQuery& query) {
  const auto held = reading();
  return told(WordSearch(*this, query).find());
}

tl::expected<IndexStats, IndexError> SqliteIndex::stats() {
  const auto works = database_.number("SELECT count(*) FROM works");
  if (!works) return tl::unexpected(failed(works.error()));
  const auto bytes = database_.number(
      "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
      "pragma_page_size");
  if (!bytes) return tl::unexpected(failed(bytes.error()));
  return IndexStats{options_.path, static_cast<std::uint64_t>(*works), static_cast<std::uint64_t>(*bytes)};
}

tl::expected<void, IndexError> SqliteIndex::clear() {
  const auto done = database_.run(
      "BEGIN IMMEDIATE; DELETE FROM works; DELETE FROM records; DELETE FROM names; DELETE FROM fingerprints; "
      "DELETE FROM postings; DELETE FROM marks; COMMIT; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  if (!done) return tl::unexpected(failed(done.error()));
  return {};
}

}  // namespace bibsmith::fetchers
