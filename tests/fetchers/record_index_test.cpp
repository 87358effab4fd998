#include "fetchers/index/record_index.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include "fetchers/index/packed_record.hpp"
#include "tests/fetchers/index_place.hpp"

namespace bibsmith::fetchers {
namespace {

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
