// Recorded OAI-PMH answers, 2016 and 2017. What each holds was taken with another XML reader.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fetchers/oai/oai_answer.hpp"
#include "tests/support/catch.hpp"

using bibsmith::Author;
using bibsmith::Date;
using bibsmith::Record;
using namespace bibsmith::fetchers;

namespace {

const std::filesystem::path folder = "../../shared/data/oai";
const bibsmith::Origin origin{.source = "arxiv-oai", .url = "recorded"};

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool absent() {
  if (std::filesystem::exists(folder)) return false;
  WARN("the OAI-PMH recordings are not there");
  return true;
}

struct Facts {
  const char* file;
  const char* id;
  const char* day;
  Date published;
  Date updated;
  std::size_t authors;
  std::size_t categories;
  std::size_t dois;
  std::size_t sets;
  const char* journal_ref;
  const char* report_number;
};

const Facts recorded[] = {
    {"hepcrawl_arxiv-physics-hep-ex.xml",
     "1706.05371",
     "2017-12-14",
     {2017, 6, 16},
     {2017, 12, 12},
     13,
     2,
     0,
     1,
     "",
     ""},
    {"hepcrawl_arxiv-physics-hep-ex.xml",
     "1706.09418",
     "2017-12-14",
     {2017, 6, 28},
     {2017, 11, 26},
     5,
     2,
     1,
     1,
     "Eur. Phys. J. C (2017) 77:856",
     "BONN-TH-2017-03"},
    {"hepcrawl_arxiv-physics-hep-ex.xml",
     "1707.00874",
     "2017-12-14",
     {2017, 7, 4},
     {2017, 12, 13},
     3,
     3,
     0,
     1,
     "",
     "IITH-PH-0001/17, IMSc/2017/07/05"},
    {"hepcrawl_arxiv-physics-hep-th.xml",
     "1412.8323",
     "2017-12-14",
     {2014, 12, 29},
     {2017, 12, 13},
     1,
     6,
     0,
     1,
     "",
     ""},
    {"hepcrawl_arxiv-physics-hep-th.xml",
     "1507.07790",
     "2017-12-14",
     {2015, 7, 28},
     {2016, 3, 4},
     2,
     4,
     1,
     1,
     "J. Phys. A: Math. Theor. 51 (2018) 035201",
     ""},
    {"hepcrawl_arxiv-physics-hep-th.xml",
     "1607.01710",
     "2017-12-14",
     {2016, 7, 6},
     {2016, 10, 13},
     5,
     1,
     1,
     1,
     "",
     ""},
    {"hepcrawl_arxiv-single.xml",
     "1401.2122",
     "",
     {2014, 1, 9},
     {2017, 10, 23},
     1,
     6,
     1,
     4,
     "Lett. Math. Phys. 108 (2018), no. 2, 359-376",
     ""},
    {"hepcrawl_sample_arxiv_record0.xml",
     "1601.03238",
     "",
     {2016, 1, 13},
     {2016, 1, 13},
     5,
     5,
     3,
     3,
     "Phys.Rev. D93 (2015) 016005",
     "YITP-2016-26"},
    {"hepcrawl_sample_arxiv_record1.xml",
     "1512.07978",
     "",
     {2015, 12, 25},
     {2015, 12, 25},
     1,
     1,
     0,
     1,
     "",
     ""},
    {"hepcrawl_sample_arxiv_record2.xml",
     "1603.00997",
     "2016-03-04",
     {2016, 3, 3},
     {2016, 3, 3},
     1,
     2,
     0,
     2,
     "PoS(CD15) (2015) 045",
     "YITP-2016-26"},
    {"hepcrawl_sample_arxiv_record3.xml",
     "1603.01251",
     "2016-03-04",
     {2016, 3, 3},
     {2016, 3, 3},
     2,
     2,
     0,
     2,
     "",
     ""},
    {"hepcrawl_sample_arxiv_record4.xml",
     "1603.05976",
     "2016-03-22",
     {2016, 3, 18},
     {2016, 3, 18},
     66,
     2,
     0,
     1,
     "",
     ""},
    {"inspirenext_1305.0014.xml",
     "1305.0014",
     "2013-07-02",
     {2013, 4, 30},
     {2013, 6, 28},
     2,
     4,
     1,
     4,
     "Phys. Rev. C 87, 065504 (2013)",
     ""},
    {"inspirenext_oai_arxiv.xml",
     "physics/0112006",
     "2009-11-07",
     {2001, 12, 4},
     {2001, 12, 4},
     3,
     2,
     1,
     1,
     "",
     ""},
};

const OaiRecord* record_of(const OaiAnswer& answer, const std::string& id) {
  for (const OaiRecord& record : answer.records) {
    if (record.record && record.record->arxiv_id->str() == id) return &record;
  }
  return nullptr;
}

Record record_of(const char* file, const char* id) {
  const auto answer = parse_oai(read(folder / file), origin);
  REQUIRE(answer);
  const OaiRecord* record = record_of(*answer, id);
  REQUIRE(record != nullptr);
  return *record->record;
}

bool is_collapsed(const std::string& text) {
  return text.find_first_of("\n\r\t") == text.npos && text.find("  ") == text.npos &&
         !text.starts_with(' ') && !text.ends_with(' ');
}

}  // namespace

TEST_CASE("every OAI-PMH recording is read completely") {
  if (absent()) return;
  for (const Facts& facts : recorded) {
    INFO(facts.file << ' ' << facts.id);
    const std::string body = read(folder / facts.file);
    const auto answer = parse_oai(body, origin);
    REQUIRE(answer);
    CHECK(answer->faults.empty());
    CHECK_FALSE(answer->resumption_token);
    const OaiRecord* item = record_of(*answer, facts.id);
    REQUIRE(item != nullptr);
    CHECK(item->identifier == std::string("oai:arXiv.org:") + facts.id);
    CHECK_FALSE(item->is_deleted);
    if (*facts.day != '\0') CHECK(item->datestamp.iso() == facts.day);
    CHECK(item->sets.size() == facts.sets);

    const Record& record = *item->record;
    CHECK(record.published == facts.published);
    CHECK(record.updated == facts.updated);
    CHECK(record.authors.size() == facts.authors);
    CHECK(record.categories.size() == facts.categories);
    CHECK(record.dois.size() == facts.dois);
    CHECK(record.journal_ref == facts.journal_ref);
    CHECK(record.report_number == facts.report_number);
    CHECK_FALSE(record.arxiv_id->version());
    CHECK(record.versions.empty());
    for (const std::string* text : {&record.title, &record.abstract, &record.comment, &record.license}) {
      CHECK(is_collapsed(*text));
    }
    CHECK_FALSE(record.title.empty());
    CHECK_FALSE(record.abstract.empty());
    for (const Author& author : record.authors) CHECK_FALSE(author.family.empty());

    const auto again = parse_oai_record(item->raw(body), origin);
    REQUIRE(again);
    CHECK(again->title == record.title);
    CHECK(again->authors == record.authors);
    CHECK(again->dois == record.dois);
  }
}

TEST_CASE("no OAI-PMH recording is left out") {
  if (absent()) return;
  std::size_t records = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    INFO(file.path().string());
    const auto answer = parse_oai(read(file.path()), origin);
    REQUIRE(answer);
    CHECK_FALSE(answer->records.empty());
    for (const OaiRecord& item : answer->records) {
      INFO(item.identifier);
      CHECK((item.is_deleted || item.record));
      if (item.record) CHECK(item.identifier == "oai:arXiv.org:" + item.record->arxiv_id->base());
      CHECK(item.raw_begin != item.raw_end);
    }
    records += answer->records.size();
  }
  CHECK(records >= std::size(recorded));
}

TEST_CASE("names of recorded papers come in parts") {
  if (absent()) return;
  CHECK(record_of("inspirenext_oai_arxiv.xml", "physics/0112006").authors ==
        std::vector<Author>{
            {.name = "G. Fiorentini",
             .family = "Fiorentini",
             .given = "G.",
             .affiliations = {"INFN, Sezione di Ferrara, Ferrara, Italy"}},
            {.name = "L. Okun", .family = "Okun", .given = "L.", .affiliations = {"ITEP, Moscow, Russia"}},
            {.name = "M. Vysotsky",
             .family = "Vysotsky",
             .given = "M.",
             .affiliations = {"ITEP, Moscow, Russia"}}});
  const Record long_list = record_of("hepcrawl_sample_arxiv_record4.xml", "1603.05976");
  std::size_t suffixes = 0;
  for (const Author& author : long_list.authors) {
    if (author.suffix.empty()) continue;
    ++suffixes;
    CHECK(author.suffix == "IV");
    CHECK(author.name == author.given + ' ' + author.family + " IV");
  }
  CHECK(suffixes == 1);
  const Record single = record_of("hepcrawl_sample_arxiv_record2.xml", "1603.00997");
  CHECK(single.authors == std::vector<Author>{{.name = "Sinya for JLQCD Collaboration",
                                               .family = "Sinya for JLQCD Collaboration"}});
  CHECK(
      single.comment.starts_with("10 pages, 5 figures, A talk given at \"The 8th International Workshop on"));
  std::vector<std::string> dois;
  for (const auto& doi : record_of("hepcrawl_sample_arxiv_record0.xml", "1601.03238").dois)
    dois.push_back(doi.str());
  CHECK(dois == std::vector<std::string>{"10.1103/PhysRevD.93.016005", "10.1103/PhysRevD.98.079901",
                                         "10.1103/PhysRevD.98.079903"});
}
