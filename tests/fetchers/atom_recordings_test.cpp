// arXiv's own answers, 2012 to 2026, of both engines. The counts were taken with another XML reader.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fetchers/arxiv/atom.hpp"
#include "tests/support/catch.hpp"

using bibsmith::Date;
using bibsmith::Record;
using namespace bibsmith::fetchers;

namespace {

const std::filesystem::path folder = "../../shared/data/atom";
const bibsmith::Origin origin{.source = "arxiv-atom", .url = "recorded"};

std::string read(const std::string& name) {
  std::ifstream in(folder / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool absent() {
  if (std::filesystem::exists(folder)) return false;
  WARN("the recordings are not there");
  return true;
}

struct Facts {
  const char* name;
  std::size_t records;
  std::uint64_t total;
  std::size_t authors;
  std::size_t categories;
  std::size_t comments;
  std::size_t journal_refs;
  std::size_t dois;
};

const Facts recordings[] = {
    {"arxiv2bib_test_data_2012.xml", 2, 2, 4, 3, 2, 0, 0},
    {"arxivpy_id_0000.0000_s0_m100_8b51d9633a68.xml", 0, 0, 0, 0, 0, 0, 0},
    {"arxivpy_id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.xml", 1, 1, 34, 1, 1, 0, 0},
    {"arxivpy_id_0808.05394_s0_m100_7b0c7d0a7cdd.xml", 0, 0, 0, 0, 0, 0, 0},
    {"arxivpy_id_1605.08386_s0_m100_199195aa31ad.xml", 1, 1, 2, 2, 1, 0, 0},
    {"arxivpy_id_1707.08567_s0_m100_6a1afebfc6a3.xml", 1, 1, 34, 1, 1, 0, 0},
    {"arxivpy_id_2104.12255v1_s0_m100_6ae69987ffe1.xml", 1, 1, 1, 1, 0, 0, 0},
    {"arxivpy_id_abc_s0_m100_b79c8dcf6bc3.xml", 0, 1, 0, 0, 0, 0, 0},
    {"arxivpy_id_astro-ph_0601001_s0_m100_3150dca9dc76.xml", 1, 1, 4, 1, 1, 1, 0},
    {"arxivpy_id_quant-ph_0201082v1_s0_m100_86989fe779ef.xml", 1, 1, 1, 2, 1, 0, 0},
    {"arxivpy_q_testing_s0_m100_cfe7536492ca.xml", 100, 214881, 366, 173, 97, 18, 32},
    {"arxivpy_q_testing_s0_m10_bc5a6c384fe9.xml", 10, 214881, 35, 15, 10, 6, 6},
    {"arxivpy_q_testing_s0_m15_80c242b59d59.xml", 15, 214881, 50, 24, 15, 6, 6},
    {"arxivpy_q_testing_s10_m10_34e56e15aaac.xml", 10, 214881, 32, 16, 10, 0, 1},
    {"arxivpy_q_testing_s20_m10_348a237fecab.xml", 10, 214881, 40, 21, 10, 0, 1},
    {"arxivpy_q_testing_s30_m10_f2e39f0143dc.xml", 10, 214881, 42, 17, 10, 0, 1},
    {"arxivpy_q_testing_s40_m10_96dd32eb854c.xml", 10, 214881, 39, 18, 10, 0, 2},
    {"arxivpy_q_testing_s50_m10_7f488ab8598c.xml", 10, 214881, 37, 17, 10, 1, 6},
    {"arxivpy_q_testing_s5_m10_c0e94a259d4a.xml", 10, 214881, 29, 14, 10, 1, 1},
    {"arxivpy_q_testing_s5_m15_bbcf6b23085b.xml", 15, 214881, 46, 21, 15, 1, 2},
    {"arxivpy_q_testing_s9_m15_0b78d4b4d476.xml", 15, 214881, 54, 24, 15, 0, 2},
    {"rsxiv_query.xml", 10, 7432, 35, 19, 10, 6, 7},
    {"rsxiv_query_doc.xml", 1, 1, 1, 3, 1, 1, 1},
    {"rsxiv_query_doc_long.xml", 10, 100, 22, 23, 6, 4, 5},
    {"rsxiv_query_empty.xml", 0, 0, 0, 0, 0, 0, 0},
    {"rsxiv_query_missing_id.xml", 1, 1, 2, 1, 1, 0, 0},
    {"xiv_arxiv_response.xml", 2, 5619, 10, 7, 1, 0, 0},
};

Record record_of(const char* name, std::size_t index) {
  const auto feed = parse_atom(read(name), origin);
  REQUIRE(feed);
  REQUIRE(feed->entries.size() > index);
  return feed->entries[index].record;
}

bool is_collapsed(const std::string& text) {
  return text.find_first_of("\n\r\t") == text.npos && text.find("  ") == text.npos &&
         !text.starts_with(' ') && !text.ends_with(' ');
}

}  // namespace

TEST_CASE("every recording of arXiv is read completely") {
  if (absent()) return;
  for (const Facts& facts : recordings) {
    INFO(facts.name);
    const std::string body = read(facts.name);
    const auto feed = parse_atom(body, origin);
    REQUIRE(feed);
    CHECK(feed->entries.size() == facts.records);
    CHECK(feed->total_results == facts.total);
    CHECK(feed->skipped == 0);
    std::size_t authors = 0, categories = 0, comments = 0, journal_refs = 0, dois = 0;
    for (const AtomEntry& entry : feed->entries) {
      const Record& record = entry.record;
      INFO(record.arxiv_id->str());
      CHECK(record.arxiv_id->version());
      CHECK(record.published.day != 0);
      CHECK(record.updated >= record.published);
      CHECK_FALSE(record.abstract.empty());
      for (const std::string& text : {record.title, record.abstract, record.comment, record.journal_ref}) {
        CHECK(is_collapsed(text));
      }
      CHECK_FALSE(record.title.empty());
      CHECK_FALSE(record.categories.empty());
      authors += record.authors.size();
      categories += record.categories.size();
      comments += record.comment.empty() ? 0u : 1u;
      journal_refs += record.journal_ref.empty() ? 0u : 1u;
      dois += record.dois.size();

      const auto again = parse_atom_entry(entry.raw(body), origin);
      REQUIRE(again);
      CHECK(again->arxiv_id == record.arxiv_id);
      CHECK(again->abstract == record.abstract);
      CHECK(again->authors == record.authors);
      CHECK(again->dois == record.dois);
    }
    CHECK(authors == facts.authors);
    CHECK(categories == facts.categories);
    CHECK(comments == facts.comments);
    CHECK(journal_refs == facts.journal_refs);
    CHECK(dois == facts.dois);
  }
}

TEST_CASE("no recording is left out") {
  if (absent()) return;
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".xml") ++files;
  }
  CHECK(files == std::size(recordings));
}

TEST_CASE("recorded papers come out in full") {
  if (absent()) return;
  {
    const Record record = record_of("arxivpy_id_astro-ph_0601001_s0_m100_3150dca9dc76.xml", 0);
    CHECK(record.arxiv_id->str() == "astro-ph/0601001v1");
    CHECK(record.title ==
          "Frequency of Hot Jupiters and Very Hot Jupiters from the OGLE-III Transit Surveys Toward the "
          "Galactic Bulge and Carina");
    CHECK(record.published == Date{2006, 1, 2});
    CHECK(record.updated == Date{2006, 1, 2});
    CHECK(record.authors ==
          std::vector<bibsmith::Author>{
              {.name = "Andrew Gould", .affiliations = {"Ohio State"}},
              {.name = "Susan Dorsher", .affiliations = {"Ohio State"}},
              {.name = "B. Scott Gaudi", .affiliations = {"CfA"}},
              {.name = "Andrzej Udalski", .affiliations = {"Warsaw University Observatory"}}});
    CHECK(
        record.comment ==
        "62 pages including 16 figures and 9 tables. Submitted to Acta Astronomica. Full resolution version "
        "at http://www.astronomy.ohio-state.edu/~gould/ogle_hot_jupiters.ps.gz");
    CHECK(record.journal_ref == "ActaAstron.56:1-50,2006");
    CHECK(record.categories == std::vector<std::string>{"astro-ph"});
  }
  {
    const Record record = record_of("rsxiv_query.xml", 1);
    CHECK(record.arxiv_id->str() == "1309.4668v1");
    CHECK(record.published == Date{2013, 9, 18});
    CHECK(record.updated == Date{2013, 9, 19});
    CHECK(record.journal_ref == "CERN Yellow Report CERN-2013-002, pp.237-240");
    REQUIRE(record.dois.size() == 1);
    CHECK(record.dois[0].str() == "10.5170/CERN-2013-002.237");
  }
  {
    const Record record = record_of("xiv_arxiv_response.xml", 0);
    CHECK(record.title ==
          "RDD: Retrieval-Based Demonstration Decomposer for Planner Alignment in Long-Horizon Tasks");
    CHECK(record.comment ==
          "39th Conference on Neural Information Processing Systems (NeurIPS 2025); Project Website: "
          "rdd-neurips.github.io");
    CHECK(record.categories ==
          std::vector<std::string>{"cs.RO", "cs.AI", "cs.CV", "cs.LG", "cs.SY", "eess.SY"});
  }
  CHECK(parse_atom(read("arxivpy_id_abc_s0_m100_b79c8dcf6bc3.xml"), origin)->rejection->bad_id == "abc");
}
