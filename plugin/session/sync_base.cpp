#include "plugin/session/sync_base.hpp"

#include "fetchers/cache/own_database.hpp"
#include "plugin/session/sync_schema.hpp"

namespace bibsmith::plugin {

namespace {

constexpr fetchers::DatabaseKind sync_kind{
    .what = "record of syncs",
    .application_id = 0x62696279,  // "biby"
    .version = 2,
    .before_schema = "PRAGMA journal_mode = WAL",
    .schema = sync_schema,
    .each_time = "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON",
};

constexpr std::string_view library_side = "library";
constexpr std::string_view file_side = "file";

void bind(fetchers::Statement& statement, const SyncedPair& pair) {
  statement.bind(1, pair.file);
  statement.bind(2, pair.store);
  statement.bind(3, pair.library);
}

}  // namespace

tl::expected<SyncBase, std::string> SyncBase::open(const std::string& state_dir, const Warn& warn) {
  std::string path = state_dir + "/sync.sqlite";
  auto database = fetchers::open_own_database(path, sync_kind, warn);
  if (!database) return tl::unexpected(database.error());
  return SyncBase(std::move(path), std::move(*database));
}

tl::unexpected<std::string> SyncBase::failed(const fetchers::DatabaseError& error) const {
  return tl::unexpected(fetchers::describe(path_, sync_kind, error));
}

tl::expected<SyncBase::Agreed, std::string> SyncBase::load(const SyncedPair& pair) {
  auto statement = database_.prepare(
      "SELECT '', number, file_key, text FROM base_entries JOIN bases USING (base) "
      "WHERE file = ?1 AND store = ?2 AND library = ?3 "
      "UNION ALL SELECT side, number, '', text FROM sent_entries JOIN bases USING (base) "
      "WHERE file = ?1 AND store = ?2 AND library = ?3");
  if (!statement) return failed(statement.error());
  bind(*statement, pair);
  Agreed agreed;
  for (;;) {
    const auto row = statement->step();
    if (!row) return failed(row.error());
    if (!*row) return agreed;
    auto said = bibtex::read_shared_entry(statement->text(3));
    if (!said) continue;  // as if they had never agreed on it
    const std::string_view side = statement->text(0);
    auto& list = side.empty() ? agreed.base : side == library_side ? agreed.pushed : agreed.pulled;
    list.push_back({statement->integer(1), std::move(*said), std::string(statement->text(2))});
  }
}

tl::expected<SyncBase::Agreed, std::string> SyncBase::load(const SyncedPair& pair,
                                                           const std::vector<std::int64_t>& numbers) {
  auto entry = database_.prepare(
      "SELECT text, file_key FROM base_entries JOIN bases USING (base) "
      "WHERE file = ? AND store = ? AND library = ? AND number = ?");
  if (!entry) return failed(entry.error());
  Agreed agreed;
  for (const std::int64_t number : numbers) {
    entry->reset();
    bind(*entry, pair);
    entry->bind(4, number);
    const auto row = entry->step();
    if (!row) return failed(row.error());
    if (!*row) continue;
    auto said = bibtex::read_shared_entry(entry->text(0));
    if (said) agreed.base.push_back({number, std::move(*said), std::string(entry->text(1))});
  }
  auto sent = database_.prepare(
      "SELECT side, number, text FROM sent_entries JOIN bases USING (base) "
      "WHERE file = ? AND store = ? AND library = ?");
  if (!sent) return failed(sent.error());
  bind(*sent, pair);
  for (;;) {
    const auto row = sent->step();
    if (!row) return failed(row.error());
    if (!*row) return agreed;
    auto said = bibtex::read_shared_entry(sent->text(2));
    auto& list = sent->text(0) == library_side ? agreed.pushed : agreed.pulled;
    if (said) list.push_back({sent->integer(1), std::move(*said), {}});
  }
}

tl::expected<void, std::string> SyncBase::save(const SyncedPair& pair,
                                               const std::vector<std::int64_t>& numbers,
                                               const std::vector<bibtex::NumberedEntry>& base) {
  if (const auto written = write(pair, numbers, base); !written) return failed(written.error());
  return {};
}

tl::expected<void, std::string> SyncBase::save(const SyncedPair& pair,
                                               const std::vector<bibtex::NumberedEntry>& base) {
  if (const auto written = write(pair, base); !written) return failed(written.error());
  return {};
}

tl::expected<void, std::string> SyncBase::save_pushed(const SyncedPair& pair,
                                                      const std::vector<bibtex::NumberedEntry>& pushed) {
  if (const auto written = write_sent(pair, library_side, pushed); !written) return failed(written.error());
  return {};
}

tl::expected<void, std::string> SyncBase::save_pulled(const SyncedPair& pair,
                                                      const std::vector<bibtex::NumberedEntry>& pulled) {
  if (const auto written = write_sent(pair, file_side, pulled); !written) return failed(written.error());
  return {};
}

// Of the pair's row, which is made if need be.
tl::expected<std::int64_t, fetchers::DatabaseError> SyncBase::number_of(const SyncedPair& pair) {
  for (const char* sql : {"INSERT INTO bases (file, store, library) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                          "SELECT base FROM bases WHERE file = ? AND store = ? AND library = ?"}) {
    auto statement = database_.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    bind(*statement, pair);
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (*row) return statement->integer(0);
  }
  return 0;
}

SyncBase::Done SyncBase::write(const SyncedPair& pair, const std::vector<bibtex::NumberedEntry>& base) {
  auto transaction = fetchers::Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  {
    auto forget = database_.prepare("DELETE FROM bases WHERE file = ? AND store = ? AND library = ?");
    if (!forget) return tl::unexpected(forget.error());
    bind(*forget, pair);
    if (const auto done = forget->step(); !done) return tl::unexpected(done.error());
  }
  const auto number = number_of(pair);
  if (!number) return tl::unexpected(number.error());
  if (const auto done = insert(*number, base); !done) return done;
  return transaction->commit();
}

SyncBase::Done SyncBase::insert(std::int64_t base, const std::vector<bibtex::NumberedEntry>& entries) {
  auto entry =
      database_.prepare("INSERT INTO base_entries (base, number, file_key, text) VALUES (?, ?, ?, ?)");
  if (!entry) return tl::unexpected(entry.error());
  for (const bibtex::NumberedEntry& one : entries) {
    entry->reset();
    entry->bind(1, base);
    entry->bind(2, one.number);
    entry->bind(3, one.file_key);
    entry->bind(4, bibtex::write_shared_entry(one.said));
    if (const auto done = entry->step(); !done) return tl::unexpected(done.error());
  }
  return {};
}

SyncBase::Done SyncBase::write(const SyncedPair& pair, const std::vector<std::int64_t>& numbers,
                               const std::vector<bibtex::NumberedEntry>& base) {
  auto transaction = fetchers::Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto number = number_of(pair);
  if (!number) return tl::unexpected(number.error());
  {
    auto forget = database_.prepare("DELETE FROM base_entries WHERE base = ? AND number = ?");
    if (!forget) return tl::unexpected(forget.error());
    for (const std::int64_t one : numbers) {
      forget->reset();
      forget->bind(1, *number);
      forget->bind(2, one);
      if (const auto done = forget->step(); !done) return tl::unexpected(done.error());
    }
    auto sent = database_.prepare("DELETE FROM sent_entries WHERE base = ?");
    if (!sent) return tl::unexpected(sent.error());
    sent->bind(1, *number);
    if (const auto done = sent->step(); !done) return tl::unexpected(done.error());
  }
  if (const auto done = insert(*number, base); !done) return done;
  return transaction->commit();
}

SyncBase::Done SyncBase::write_sent(const SyncedPair& pair, std::string_view side,
                                    const std::vector<bibtex::NumberedEntry>& sent) {
  auto transaction = fetchers::Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto number = number_of(pair);
  if (!number) return tl::unexpected(number.error());
  auto forget = database_.prepare("DELETE FROM sent_entries WHERE base = ? AND side = ?");
  if (!forget) return tl::unexpected(forget.error());
  forget->bind(1, *number);
  forget->bind(2, side);
  if (const auto done = forget->step(); !done) return tl::unexpected(done.error());
  auto entry = database_.prepare("INSERT INTO sent_entries (base, side, number, text) VALUES (?, ?, ?, ?)");
  if (!entry) return tl::unexpected(entry.error());
  for (const bibtex::NumberedEntry& one : sent) {
    entry->reset();
    entry->bind(1, *number);
    entry->bind(2, side);
    entry->bind(3, one.number);
    entry->bind(4, bibtex::write_shared_entry(one.said));
    if (const auto done = entry->step(); !done) return tl::unexpected(done.error());
  }
  return transaction->commit();
}

}  // namespace bibsmith::plugin
