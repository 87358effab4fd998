#include "fetchers/index/record_index.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/postgres_index.hpp"
#include "fetchers/index/sqlite_index.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::fetchers {
namespace {

using bibsmith::testing::PostgresServer;
using bibsmith::testing::TempDir;

// Lower case, letters and digits: enough for tests, which are written in ASCII.
std::string plain_words(std::string_view title) {
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

Record record_of(const std::string& id, const std::string& title,
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

void run_sql(const std::string& url, const std::string& sql) {
  auto connection = PostgresConnection::open({.url = url});
  REQUIRE(connection);
  const auto done = connection->run(sql);
  INFO((done ? std::string{} : done.error().message));
  REQUIRE(done);
}

// "postgresql:///DATABASE?host=FOLDER&user=..."
std::string between(const std::string& text, const std::string& before, const std::string& behind) {
  const std::size_t begin = text.find(before) + before.size();
  return text.substr(begin, text.find(behind, begin) - begin);
}

// Half of the partitions of an index to another server, as docs/stores.md tells it.
void move_half(const std::string& url, const std::string& second) {
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
    auto index = opened(PostgresIndex::open({{.url = url_}, plain_words}));
    if (!second_.empty()) index->begin_bulk(3);
    return index;
  }

 private:
  template <typename Result>
  static std::unique_ptr<RecordIndex> opened(Result result) {
    INFO((result ? std::string{} : result.error().message));
    REQUIRE(result);
    return std::move(*result);
  }

  std::string engine_;
  TempDir dir_;
  std::string url_;
  std::string second_;
};

std::string ids_of(const tl::expected<std::vector<IndexedWork>, IndexError>& works) {
  REQUIRE(works);
  std::string ids;
  for (const IndexedWork& work : *works) {
    if (!ids.empty()) ids += ' ';
    ids += work.record.arxiv_id ? work.record.arxiv_id->str() : work.record.title;
  }
  return ids;
}

TEST_CASE("a packed record comes back whole, and other bytes are refused") {
  Record record = record_of("1706.03762v5", "Attention Is All You Need", {"Ashish Vaswani", "Noam Shazeer"});
  record.authors[0].family = "Vaswani";
  record.authors[0].affiliations = {"Google"};
  record.abstract = "words";
  record.dois = {*Doi::parse("10.5555/3295222.3295349")};
  record.categories = {"cs.CL", "cs.LG"};
  record.versions = {{1, Date{2017, 6, 12}, false}, {5, Date{2017, 12, 6}, true}};
  record.publication = Publication{.type = PublicationType::inproceedings, .container = "NeurIPS"};
  record.mark(RecordField::authors, Origin{"arxiv-oai", "url", {}});
  const std::string bytes = packed(record);
  CHECK(unpacked(bytes) == record);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(unpacked(bytes.substr(0, cut)));
  CHECK_FALSE(unpacked(bytes + "x"));
  CHECK_FALSE(unpacked("\x02" + bytes.substr(1)));
}

TEST_CASE("works are found by id, DOI and title, after reopening too") {
  const Place place;
  if (!place.is_there()) return;
  Record second = record_of("", "A Published Work", {"Ada Lovelace"});
  second.dois = {*Doi::parse("10.1103/PhysRevD.76.013009")};
  Record third = record_of("", "A Work of DBLP Alone", {"Alan Turing"});
  REQUIRE(place.open()->add(std::vector{record_of("1706.03762v7", "Fine-Tuning, Again"), second, third}));
  const auto index = place.open();
  CHECK(ids_of(index->with(*ArxivId::parse("1706.03762"))) == "1706.03762v7");
  CHECK(ids_of(index->with(*Doi::parse("10.1103/physrevd.76.013009"))) == "A Published Work");
  CHECK(ids_of(index->titled("finetuning again")) == "1706.03762v7");
  CHECK(ids_of(index->titled("a work of dblp alone")) == "A Work of DBLP Alone");
  CHECK(ids_of(index->titled("fine tuning")) == "");
  CHECK(ids_of(index->titled("")) == "");
  CHECK(index->stats()->works == 3);
}

TEST_CASE("of two records of one work the later one counts") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{record_of("1706.03762v2", "New Title", {"Ann Author"}, 20)}));
  REQUIRE(index->add(std::vector{record_of("1706.03762v1", "Old Title", {"Ann Author"}, 10)}));
  CHECK(ids_of(index->titled("new title")) == "1706.03762v2");
  CHECK(ids_of(index->titled("old title")) == "");
  REQUIRE(index->add(std::vector{record_of("1706.03762v3", "Newest Title", {"Ann Author"}, 30)}));
  CHECK(ids_of(index->titled("new title")) == "");
  CHECK(ids_of(index->titled("newest title")) == "1706.03762v3");
  CHECK(ids_of(index->search({.words = "newest author"})) == "1706.03762v3");
  CHECK(index->stats()->works == 1);
  // The same again changes nothing.
  REQUIRE(index->add(std::vector{record_of("1706.03762v3", "Newest Title", {"Ann Author"}, 30)}));
  CHECK(ids_of(index->like("newest titel")) == "1706.03762v3");
}

TEST_CASE("titles with typos, lost words and other hyphens are found") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{
      record_of("2001.00001", "Learning Hierarchical Polynomials with Three-Layer Neural Networks"),
      record_of("2001.00002",
                "Provable Guarantees for Nonlinear Feature Learning in Three-Layer Neural Networks"),
      record_of("2001.00003", "Reward Collapse in Aligning Large Language Models"),
      record_of("2001.00004", "Anytime Acceleration of Gradient Descent"),
  }));
  const auto first = [&](std::string_view title) {
    const auto works = index->like(title, 1);
    return ids_of(works);
  };
  CHECK(first("Learning Hierachical Polynomails with Three-Layer Neural Networks") == "2001.00001");
  CHECK(first("Learning Polynomials with Three Layer Neural Networks") == "2001.00001");
  CHECK(first("Learning Hierarchical Polynomials with Threelayer Neural Networks") == "2001.00001");
  CHECK(first("Anytim Accelration of Gradeint Decsent") == "2001.00004");
  CHECK(first("Rewardcollapse in Aligning Large Langage Modles") == "2001.00003");
  CHECK(first("Something Else Entirely") == "");
  CHECK(first("") == "");
}

TEST_CASE("words that are lost within a title tell more than other words of as many letters") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{
      record_of("2001.00001", "Meadow by Copperfield the Harbour"),
      record_of("2001.00002", "Meadow or the Harbourage"),
      record_of("2001.00003", "Lantern"),
      record_of("2001.00004", "Lantern Willows"),
      record_of("2001.00005", "Willow Grove in Fog"),
      record_of("2001.00006", "Willow Groves"),
  }));
  const auto first = [&](std::string_view title) { return ids_of(index->like(title, 1)); };
  CHECK(first("Meadow the Harbour") == "2001.00001");
  CHECK(first("Meadow Harbour") == "2001.00001");
  // The same word before and behind what is lost, and the other way round.
  REQUIRE(index->add(std::vector{record_of("2001.00007", "Thimble Thistle Anchor Thistle Brook")}));
  CHECK(first("Thimble Thistle Brook") == "2001.00007");
  CHECK(first("Thimble Thistle Anchor Thistle Old Brook") == "2001.00007");
  // A letter may be a typo all the same, and a title may go on: that is not lost.
  CHECK(first("Willow Grove") == "2001.00006");
  CHECK(first("Lantern Willow") == "2001.00004");
}

TEST_CASE("an abstract leads to a work whose title has changed") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  Record record = record_of("2001.00001", "The New Title");
  for (int i = 0; i < 12; ++i) record.abstract += "We study a question of number " + std::to_string(i) + ". ";
  REQUIRE(index->add(std::vector{record}));
  CHECK(ids_of(index->with_abstract(record.abstract.substr(0, 200) + "...")) == "2001.00001");
  CHECK(ids_of(index->with_abstract("We study")) == "");
  CHECK(ids_of(index->with_abstract(std::string(200, 'x'))) == "");
}

TEST_CASE("a search takes words, names, categories and dates, and forgives a typo") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  Record attention = record_of("1706.03762", "Attention Is All You Need", {"Ashish Vaswani"});
  attention.categories = {"cs.CL"};
  Record other = record_of("1801.00001", "Attention in Birds", {"Ann Robin"});
  other.categories = {"q-bio.NC"};
  other.abstract = "On small songbirds.";
  other.published = Date{2018, 1, 1};
  REQUIRE(index->add(std::vector{attention}));
  REQUIRE(index->add(std::vector{other}));
  CHECK(ids_of(index->search({.words = "attention"})) == "1801.00001 1706.03762");
  CHECK(ids_of(index->search({.words = "attention vaswani"})) == "1706.03762");
  CHECK(ids_of(index->search({.words = "atention", .results_max = 1})) == "1801.00001");
  CHECK(ids_of(index->search({.author = "A. Vaswami"})) == "1706.03762");
  CHECK(ids_of(index->search({.title = "vaswani"})) == "");
  CHECK(ids_of(index->search({.words = "attention", .category = "cs.*"})) == "1706.03762");
  CHECK(ids_of(index->search({.words = "attention", .to = Date{2018, 0, 0}})) == "1801.00001");
  CHECK(ids_of(index->search({.abstract = "songbirds"})) == "1801.00001");
}

TEST_CASE("marks are kept with the records") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  CHECK(index->mark("import x").value() == "");
  REQUIRE(index->add({}, RecordIndex::Mark{"import x", "17"}));
  CHECK(place.open()->mark("import x").value() == "17");
  REQUIRE(index->add({}, RecordIndex::Mark{"import x", ""}));
  CHECK(index->mark("import x").value() == "");
  REQUIRE(index->clear());
  CHECK(index->stats()->works == 0);
}

TEST_CASE("a file that is no index is put aside, with a warning") {
  const TempDir dir;
  bibsmith::testing::write_file(dir / "index.sqlite", "this is no database at all, but it is long enough");
  std::string warning;
  const auto index =
      SqliteIndex::open({dir / "index.sqlite", plain_words, [&](std::string_view line) { warning = line; }});
  REQUIRE(index);
  CHECK(warning.find("it was put aside as") != std::string::npos);
}

TEST_CASE("lists of a word that is everywhere are kept in parts") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  std::vector<Record> records;
  for (int i = 0; i < 5000; ++i) {
    std::string number = std::to_string(10000 + i);
    records.push_back(record_of("2001." + number, "Common word " + number));
  }
  REQUIRE(index->add(std::span(records).first(2500)));
  REQUIRE(index->add(std::span(records).last(2500)));
  CHECK(ids_of(index->titled("common word 10003")) == "2001.10003");
  CHECK(ids_of(index->search({.words = "common 14999"})) == "2001.14999");
  CHECK(index->search({.words = "common", .results_max = 6000})->size() == 5000);
  CHECK(ids_of(index->like("comon word 12345", 1)) == "2001.12345");
}

TEST_CASE("a title of which a word is in very many others and a common one has a typo is found") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  std::vector<Record> records;
  for (int i = 10000; i < 11400; ++i) {  // each as good as the others until the typo is understood
    if (i == 10700) records.push_back(record_of("2002.00001", "Neural zotrix in the deep"));
    records.push_back(
        record_of("2001." + std::to_string(i), "Zotrix " + std::to_string(i) + " in the deep lights"));
    for (const char* const year : {"2003.", "2004.", "2005."}) {
      const std::string id = year + std::to_string(i);
      records.push_back(record_of(id, "Neural lines in the deep " + id));
    }
  }
  REQUIRE(index->add(records));
  CHECK(ids_of(index->like("Neurpal zotrix in the deep", 1)) == "2002.00001");
}

TEST_CASE("a title of common words alone is found by any two of them, and by what a typo made of one") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  std::vector<Record> records;
  for (int i = 0; i < 6000; ++i) {  // each word is in 1,600 titles or more
    const char* const words[] = {"lantern", "meadow", "copper", "harbour"};
    const std::string number = std::to_string(10000 + i);
    records.push_back(record_of("2001." + number, words[i % 4] + std::string(" of number ") + number));
    if (i % 8 == 0) records.push_back(record_of("2002." + number, "Copper lantern " + number));
    if (i % 8 == 1) records.push_back(record_of("2003." + number, "Meadow harbour " + number));
  }
  records.push_back(record_of("2004.00001", "Meadow by copper harbour"));
  REQUIRE(index->add(records));
  CHECK(ids_of(index->like("Meadxw bv copper harbour", 1)) == "2004.00001");
  CHECK(ids_of(index->like("Meadow by coperr harbuor", 1)) == "2004.00001");
  CHECK(ids_of(index->like("Meadow copper", 1)) == "2004.00001");
}

TEST_CASE("what no database could hold as it is, is found all the same") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  const std::string endless(5'000, 'x');
  Record odd = record_of("2001.00001", "Words " + endless + " and more words", {endless});
  Record nameless = record_of("", endless + " again", {"Ann\x01 \xFF Author"});
  nameless.origins.front().source = "dblp";
  REQUIRE(index->add(std::vector{odd, nameless}));
  CHECK(ids_of(index->titled("words " + endless + " and more words")) == "2001.00001");
  CHECK(index->titled(endless + " again")->size() == 1);
  CHECK(ids_of(index->with(*ArxivId::parse("2001.00001"))) == "2001.00001");
  CHECK(index->stats()->works == 2);
}

TEST_CASE("records lie on the server of their partition, and move with it") {
  const Place place;
  if (!place.is_there() || place.second().empty()) return;
  std::vector<Record> records;
  for (int i = 10; i < 50; ++i)
    records.push_back(record_of("2001.000" + std::to_string(i), "Title " + std::to_string(i)));
  const auto index = place.open();
  REQUIRE(index->add(records));
  auto second = PostgresConnection::open({.url = place.second()});
  REQUIRE(second);
  const auto there = second->run(
      "SELECT (SELECT count(*) FROM bibsmith.records_1) + (SELECT count(*) FROM bibsmith.records_3) + "
      "(SELECT count(*) FROM bibsmith.records_5) + (SELECT count(*) FROM bibsmith.records_7)");
  REQUIRE(there);
  CHECK(there->integer(0, 0) > 5);
  CHECK(there->integer(0, 0) < 35);
  for (const Record& record : records) CHECK(index->with(*record.arxiv_id)->size() == 1);
  REQUIRE(index->clear());
  CHECK(second->run("SELECT 1 FROM bibsmith.records_1")->size() == 0);
}

TEST_CASE("a server that refuses rows on their way is told of, and keeps nothing of them") {
  const Place place;
  if (place.url().empty() || !place.second().empty()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{record_of("2001.00001", "First of All")}));
  run_sql(place.url(), "ALTER TABLE bibsmith.records RENAME TO away");
  const auto collected = index->collect(std::vector{record_of("2001.00002", "Second to None")});
  CHECK((collected ? index->commit() : collected).error().message.find("records") != std::string::npos);
  run_sql(place.url(), "ALTER TABLE bibsmith.away RENAME TO records");
  CHECK(ids_of(index->titled("second to none")) == "");
  REQUIRE(index->add(std::vector{record_of("2001.00003", "Third Time Lucky")}));
  CHECK(index->stats()->works == 2);
}

std::string first_of(const std::string& url, const std::string& sql) {
  auto connection = PostgresConnection::open({.url = url});
  REQUIRE(connection);
  const auto rows = connection->run(sql);
  REQUIRE(rows);
  return std::string(rows->text(0, 0));
}

// As a client that is killed while it commits.
TEST_CASE("of parts without their mark nothing is lost and nothing is there twice when they come again") {
  const Place place;
  if (place.url().empty() || place.second().empty()) return;
  std::vector<Record> records;
  for (int i = 10; i < 90; ++i)
    records.push_back(record_of("2001.000" + std::to_string(i), "Common title " + std::to_string(i)));
  const RecordIndex::Mark mark{"import x", "17 80"};
  const auto index = place.open();
  REQUIRE(index->collect(records));
  REQUIRE(index->mark("import x"));  // waits for what is on its way
  CHECK(first_of(place.url(), "SELECT count(*) FROM bibsmith.works") == "0");
  // The connection that would write the mark: the turn of this index is its own.
  run_sql(place.url(), "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'");
  const auto committed = index->commit(mark);
  REQUIRE_FALSE(committed);
  INFO(committed.error().message);
  const std::string some = first_of(place.url(), "SELECT count(*) FROM bibsmith.works");
  INFO(some);
  CHECK(std::stoi(some) > 0);
  CHECK(std::stoi(some) < 80);
  CHECK(index->mark("import x").value() == "");

  REQUIRE(index->add(records, mark));
  CHECK(index->stats()->works == 80);
  CHECK(index->mark("import x").value() == "17 80");
  CHECK(first_of(place.url(), "SELECT count(*) FROM bibsmith.records") == "80");
  CHECK(first_of(place.url(), "SELECT titles FROM bibsmith.words WHERE word = 'common'") == "80");
  for (const Record& record : records) CHECK(index->with(*record.arxiv_id)->size() == 1);
}

TEST_CASE("a server that takes no more connections is written to by those that it took") {
  const Place place;
  if (place.url().empty() || !place.second().empty()) return;
  place.open();  // makes the tables
  const std::string role = "narrow_" + between(place.url(), ":///", "?");
  run_sql(place.url(), "CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 2");
  std::string url = place.url();
  const std::size_t user = url.find("user=") + 5;
  url.replace(user, std::string("postgres").size(), role);
  auto index = PostgresIndex::open({{.url = url}, plain_words});
  REQUIRE(index);
  (*index)->begin_bulk(3);
  std::vector<Record> records;
  for (int i = 10; i < 40; ++i)
    records.push_back(record_of("2001.000" + std::to_string(i), "Title " + std::to_string(i)));
  REQUIRE((*index)->add(records));
  CHECK((*index)->stats()->works == 30);
}

TEST_CASE("many records leave no list behind that each look-up would have to read") {
  const Place place;
  if (place.url().empty()) return;
  const auto index = place.open();
  index->begin_bulk(2);
  REQUIRE(
      index->add(std::vector{record_of("2001.00001", "First of All"), record_of("2001.00002", "Second")}));
  index->end_bulk();
  CHECK(first_of(place.url(), "SELECT gin_clean_pending_list('bibsmith.works_words')") == "0");
  // The place on two servers has no trigrams.
  CHECK(first_of(place.url(),
                 "SELECT coalesce(sum(gin_clean_pending_list(oid)), 0) FROM pg_class WHERE relname = "
                 "'words_trigrams'") == "0");
  REQUIRE(index->add(std::vector{record_of("2001.00003", "Third")}));
  CHECK(index->stats()->works == 3);
}

TEST_CASE("many records leave no log behind that each look-up would have to pass") {
  const TempDir dir;
  auto index = SqliteIndex::open({dir / "index.sqlite", plain_words, {}});
  REQUIRE(index);
  (*index)->begin_bulk(1);
  REQUIRE((*index)->add(std::vector{record_of("2001.00001", "First of All")}));
  CHECK(std::filesystem::file_size(dir / "index.sqlite-wal") > 0);
  (*index)->begin_bulk(1);
  REQUIRE((*index)->add(std::vector{record_of("2001.00002", "Second")}));
  (*index)->end_bulk();
  CHECK(std::filesystem::file_size(dir / "index.sqlite-wal") == 0);
  CHECK(ids_of((*index)->titled("first of all")) == "2001.00001");
  REQUIRE((*index)->add(std::vector{record_of("2001.00003", "Third")}));
  CHECK(ids_of((*index)->titled("Third")) == "2001.00003");
}

TEST_CASE("a title that changed among what was collected leads nowhere") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  Record before = record_of("2001.00001", "Marmalade at Dawn");
  Record after = record_of("2001.00001", "Porridge at Dusk");
  after.origins.front().retrieved += std::chrono::hours(1);
  REQUIRE(index->add(std::vector{before, after}));
  CHECK(ids_of(index->titled("Marmalade at Dawn")) == "");
  CHECK(ids_of(index->titled("Porridge at Dusk")) == "2001.00001");
}

TEST_CASE("what is collected is in the index when it is committed, and not before") {
  const Place place;
  if (!place.is_there()) return;
  const auto reader = place.open();
  {
    const auto writer = place.open();
    REQUIRE(writer->collect(std::vector{record_of("2001.00001", "Half an Import")}));
    CHECK(ids_of(reader->titled("half an import")) == "");
  }
  CHECK(ids_of(place.open()->titled("half an import")) == "");
  const auto writer = place.open();
  REQUIRE(writer->collect(std::vector{record_of("2001.00001", "Half an Import")}));
  REQUIRE(writer->collect(std::vector{record_of("2001.00002", "The Other Half"),
                                      record_of("2001.00001", "A Whole Import", {}, 2)}));
  REQUIRE(writer->commit());
  CHECK(ids_of(reader->titled("half an import")) == "");
  CHECK(ids_of(reader->titled("a whole import")) == "2001.00001");
  CHECK(ids_of(reader->search({.words = "half"})) == "2001.00002");
}

}  // namespace
}  // namespace bibsmith::fetchers
