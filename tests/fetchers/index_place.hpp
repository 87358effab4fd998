#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/index/postgres_index.hpp"
#include "fetchers/index/sqlite_index.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/opened.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::fetchers {

using bibsmith::testing::opened;
using bibsmith::testing::PostgresServer;
using bibsmith::testing::TempDir;

// Lower case, letters and digits: enough for tests, which are written in ASCII.
inline std::string plain_words(std::string_view title) {
  std::string out;
  for (const char c : title) {
    const char l = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool in_word = (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
    if (in_word) {
      out += l;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

inline Record record_of(const std::string& id, const std::string& title,
                        const std::vector<std::string>& authors = {}, std::int64_t retrieved = 1) {
  Record record;
  if (!id.empty()) record.arxiv_id = *ArxivId::parse(id);
  record.title = title;
  for (const std::string& name : authors) record.authors.push_back({.name = name});
  record.published = Date{2020, 5, 17};
  record.origins = {
      {"arxiv-atom", "http://127.0.0.1/", std::chrono::sys_seconds(std::chrono::seconds(retrieved))}};
  return record;
}

inline void run_sql(const std::string& url, const std::string& sql) {
  auto connection = PostgresConnection::open({.url = url});
  REQUIRE(connection);
  const auto done = connection->run(sql);
  INFO((done ? std::string{} : done.error().message));
  REQUIRE(done);
}

// "postgresql:///DATABASE?host=FOLDER&user=..."
inline std::string between(const std::string& text, const std::string& before, const std::string& behind) {
  const std::size_t begin = text.find(before) + before.size();
  return text.substr(begin, text.find(behind, begin) - begin);
}

// Half of the partitions of an index to another server, as docs/stores.md tells it.
inline void move_half(const std::string& url, const std::string& second) {
  std::string there = "CREATE SCHEMA bibsmith;";
  std::string here =
      "CREATE EXTENSION postgres_fdw; CREATE SERVER second FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host "
      "'" +
      between(second, "host=", "&") + "', dbname '" + between(second, ":///", "?") +
      "'); CREATE USER MAPPING FOR PUBLIC SERVER second OPTIONS (user 'postgres');";
  for (const char* const part : {"1", "3", "5", "7"}) {
    const std::string table = std::string("bibsmith.records_") + part;
    there += "CREATE TABLE " + table +
             " (identity text, source text, body bytea NOT NULL, PRIMARY KEY (identity, source));";
    here += "ALTER TABLE bibsmith.records DETACH PARTITION " + table + "; ALTER TABLE " + table +
            " RENAME TO moved; CREATE FOREIGN TABLE " + table +
            " PARTITION OF bibsmith.records FOR VALUES WITH (MODULUS 8, REMAINDER " + part +
            ") SERVER second; INSERT INTO " + table +
            " SELECT * FROM bibsmith.moved; DROP TABLE bibsmith.moved;";
  }
  run_sql(second, there);
  run_sql(url, here);
}

// A place for one index, new and empty, which can be opened several times. Each test runs for each kind:
// a file, a server with trigrams, and two servers without, written to by three connections.
class Place {
 public:
  Place() : engine_(GENERATE(std::string("sqlite"), std::string("postgres"), std::string("two servers"))) {
    PostgresServer* server = engine_ != "sqlite" ? PostgresServer::shared() : nullptr;
    if (server == nullptr) return;
    url_ = server->new_database();
    if (engine_ == "postgres") return;
    REQUIRE(PostgresIndex::open({{.url = url_}, plain_words}));
    run_sql(url_, "DROP EXTENSION pg_trgm CASCADE");
    static const std::unique_ptr<PostgresServer> second = PostgresServer::start();
    REQUIRE(second);
    second_ = second->new_database();
    move_half(url_, second_);
  }

  bool is_there() const { return engine_ == "sqlite" || !url_.empty(); }
  // Of the database; empty: it is a file.
  const std::string& url() const { return url_; }
  // Of the second server; empty: there is but one.
  const std::string& second() const { return second_; }
  std::unique_ptr<RecordIndex> open() const {
    if (engine_ == "sqlite") return opened(SqliteIndex::open({dir_ / "index.sqlite", plain_words, {}}));
    std::unique_ptr<RecordIndex> index = opened(PostgresIndex::open({{.url = url_}, plain_words}));
    if (!second_.empty()) index->begin_bulk(3);
    return index;
  }

 private:
  std::string engine_;
  TempDir dir_;
  std::string url_;
  std::string second_;
};

inline std::string ids_of(const tl::expected<std::vector<IndexedWork>, IndexError>& works) {
  REQUIRE(works);
  std::string ids;
  for (const IndexedWork& work : *works) {
    if (!ids.empty()) ids += ' ';
    ids += work.record.arxiv_id ? work.record.arxiv_id->str() : work.record.title;
  }
  return ids;
}

}  // namespace bibsmith::fetchers
