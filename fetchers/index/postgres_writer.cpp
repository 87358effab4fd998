#include "fetchers/index/postgres_writer.hpp"

#include <functional>
#include <map>
#include <utility>

#include "fetchers/cache/copy_stream.hpp"
#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/record_names.hpp"
#include "fetchers/record/key_words.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

// What an index of PostgreSQL takes of one key is some 2,700 bytes; a longer word is no word.
constexpr std::size_t word_bytes_max = 100;
constexpr std::size_t name_bytes_max = 400;
constexpr std::size_t words_at_once = 5'000;

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

// As a database can hold it and find it by: UTF-8 of a bounded length.
std::string postgres_name(const std::string& name) {
  std::string text = plain_text(name);
  if (text.size() <= name_bytes_max) return text;
  return "long:" + std::to_string(fingerprint_of("name:", text)) + ':' +
         std::to_string(fingerprint_of("again:", text));
}

std::optional<PostgresRow> postgres_row_of(const Record& record, ReadTitle read_title) {
  const std::string key = read_title(record.title);
  const std::string identity = identity_of(record, key);
  if (identity.empty()) return std::nullopt;
  PostgresRow row;
  row.identity = postgres_name(identity);
  row.source = postgres_name(std::string(source_of(record)));
  if (!record.origins.empty()) row.retrieved = record.origins.front().retrieved.time_since_epoch().count();
  row.title = stored_words(key);
  for (const std::string& word : author_words(record, read_title)) row.people += word + ' ';
  row.people = stored_words(row.people);
  for (const std::string& name : names_of(record, identity)) {
    if (name == identity) continue;
    if (!row.names.empty()) row.names += '\n';
    row.names += postgres_name(name);
  }
  row.title_print = fingerprint_of("title:", squeezed_key(key));
  const std::string beginning = beginning_of(record.abstract, read_title);
  if (!beginning.empty()) row.abstract_print = fingerprint_of("abstract:", beginning);
  row.body = packed(record);
  return row;
}

PostgresWriter::Done PostgresWriter::begin(const std::string& sql) {
  const auto begun = database_.connection.run(sql);
  if (!begun) return tl::unexpected(begun.error());
  is_writing_ = true;
  return {};
}

PostgresWriter::Done PostgresWriter::write(std::vector<PostgresRow> rows) {
  // Never in another connection than what was written before.
  if (!database_.connection.is_open())
    return tl::unexpected(PostgresError{PostgresError::Code::lost, {}, "the connection broke"});
  if (auto done = replace(rows); !done) return done;
  return copy(rows);
}

PostgresWriter::Done PostgresWriter::commit(const std::optional<RecordIndex::Mark>& mark) {
  if (auto done = write_words(); !done) return done;
  if (mark) {
    if (auto done = write_mark(*mark); !done) return done;
  }
  if (const auto done = database_.connection.run("COMMIT"); !done) return tl::unexpected(done.error());
  is_writing_ = false;
  return {};
}

void PostgresWriter::undo() {
  words_.clear();
  if (std::exchange(is_writing_, false) && database_.connection.is_open())
    (void)database_.connection.run("ROLLBACK");
}

PostgresWriter::Done PostgresWriter::write_mark(const RecordIndex::Mark& mark) {
  PostgresCall call(mark.value.empty() ? "DELETE FROM bibsmith.index_marks WHERE name = $1"
                                       : "INSERT INTO bibsmith.index_marks (name, value) VALUES ($1, $2) "
                                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  call.text(plain_text(mark.name));
  if (!mark.value.empty()) call.text(plain_text(mark.value));
  if (const auto done = database_.connection.call(call); !done) return tl::unexpected(done.error());
  return {};
}

PostgresWriter::Done PostgresWriter::replace(std::vector<PostgresRow>& rows) {
  std::map<std::pair<std::string, std::string>, PostgresRow> newest;
  std::vector<std::string> identities;
  for (PostgresRow& row : rows) {
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
  std::vector<PostgresRow> left;
  for (PostgresRow& row : rows) {  // in their order: the newest comes last
    auto known = newest.find({row.identity, row.source});
    if (known == newest.end()) continue;
    left.push_back(std::move(known->second));
    newest.erase(known);
  }
  rows = std::move(left);
  return {};
}

PostgresWriter::Done PostgresWriter::copy(const std::vector<PostgresRow>& rows) {
  if (rows.empty()) return {};
  CopyStream works;
  CopyStream records;
  for (const PostgresRow& row : rows) {
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

// Words that hold no title apart are not counted on: each batch has them, and would write their rows anew.
PostgresWriter::Done PostgresWriter::write_words() {
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

}  // namespace bibsmith::fetchers
