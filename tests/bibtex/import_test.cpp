#include "bibtex/import/import.hpp"

#include <string>

#include "bibtex/write/write_entry.hpp"
#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;

namespace {

// chapter_text without crossref.
const std::string chapters =
    "@incollection{c, author = {A B}, title = {T}, pages = {1-9}, editor = {E F}, booktitle = {The Book},\n"
    "  publisher     = {P}, address = {L}, series = {S}, number = 3, edition = {Second}, isbn = "
    "{0-19-853453-1},\n"
    "  year = 2001}\n"
    "@book{p, editor = {E F}, title = {The Book}, publisher = {P}, address = {L}, series = {S}, number = 3,\n"
    "  edition = {Second}, isbn = {0-19-853453-1}, year = 2001}\n";

// The entries of a text as biblatex, one behind the other.
std::string imported(const std::string& text, ImportFormat format) {
  const auto entries = import_entries(text, format);
  return entries ? export_entries(*entries, ExportFormat::biblatex) : "error: " + entries.error().message;
}

// A .bib text through another format and back.
std::string round_trip(const std::string& bib, ExportFormat out, ImportFormat in) {
  return imported(exported(bib, out), in);
}

std::string value_of(const std::string& text, ImportFormat format, const char* field) {
  const auto entries = import_entries(text, format);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  return field_text(entries->front(), field);
}

}  // namespace

TEST_CASE("an article, a preprint, a chapter and a page come back from CSL-JSON") {
  const auto trip = [](const std::string& bib) {
    return round_trip(bib, ExportFormat::csl_json, ImportFormat::csl_json);
  };
  CHECK(trip(article_text) ==
        "@article{turing1936,\n"
        "  author        = {Turing, Alan M. and van der Waerden, Jr., Bartel and {Ernst \\& Young} and "
        "others},\n"
        "  title         = {On Computable Numbers: Études of x\\_1},\n"
        "  journaltitle  = {Proceedings of the London Math. Society},\n"
        "  volume        = {42},\n"
        "  number        = {1},\n"
        "  date          = {1937-01},\n"
        "  pages         = {230--265},\n"
        "  doi           = {10.1112/plms/s2-42.1.230},\n"
        "  issn          = {0024-6115},\n"
        "}\n");
  CHECK(trip(preprint_text) ==
        "@online{vaswani2017,\n"
        "  author        = {Vaswani, Ashish},\n"
        "  title         = {Attention Is All You Need},\n"
        "  date          = {2017},\n"
        "  eprint        = {1706.03762},\n"
        "  eprinttype    = {arxiv},\n"
        "  url           = {https://arxiv.org/abs/1706.03762},\n"
        "}\n");
}

TEST_CASE("what RIS and Hayagriva keep comes back") {
  for (const auto& [out, in] : {std::pair{ExportFormat::csl_json, ImportFormat::csl_json},
                                {ExportFormat::ris, ImportFormat::ris},
                                {ExportFormat::hayagriva, ImportFormat::hayagriva}}) {
    for (const std::string& bib : {article_text, preprint_text, chapters, online_text}) {
      const auto before = resolved_entries(bib);
      const auto after = import_entries(exported(bib, out), in);
      REQUIRE(after);
      REQUIRE(after->size() == before.size());
      CAPTURE(export_entries(*after, ExportFormat::biblatex));
      for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(after->at(i).key == before[i].key);
        // Through the format once more: nothing changes any further.
        CHECK(export_entries({&after->at(i), 1}, out) == export_entries({&before[i], 1}, out));
      }
    }
  }
}

TEST_CASE("CSL-JSON as other programs write it") {
  const auto field = [](const std::string& members, const char* name) {
    return value_of("[{\"type\":\"article-journal\"," + members + "}]", ImportFormat::csl_json, name);
  };
  CHECK(field(R"("issued":{"date-parts":[["2020","3","9"]]})", "date") == "2020-03-09");
  CHECK(field(R"("issued":{"date-parts":[[2020,3],[2021]]})", "date") == "2020-03/2021");
  CHECK(field(R"("issued":{"date-parts":[[2020]],"season":2})", "date") == "2020-22");
  CHECK(field(R"("issued":{"date-parts":[[2020]],"circa":true})", "date") == "2020~");
  CHECK(field(R"("issued":{"raw":"2020-05-01"})", "date") == "2020-05-01");
  CHECK(field(R"("issued":{"literal":"in press"})", "year") == "in press");
  CHECK(field(R"("issued":{"date-parts":[[2020,13,77]]})", "date") == "2020");
  CHECK(field(R"("volume":12)", "volume") == "12");
  CHECK(field(R"("title":"The <i>E. coli</i> of H<sub>2</sub>O & <b")", "title") ==
        "The \\emph{E. coli} of {H\\textsubscript{2}O} \\& {\\textless}b");
  CHECK(field(R"("title":"An <span class=\"nocase\">iPhone</span>")", "title").find("{iPhone}") !=
        std::string::npos);
  CHECK(field(R"("author":[{"family":"Gaulle","given":"Charles","dropping-particle":"de"}])", "author") ==
        "de Gaulle, Charles");
  CHECK(field(R"("author":[{"literal":"The Team and Co"}])", "author") == "{The Team and Co}");
  CHECK(field(R"("DOI":"https://doi.org/10.1000/a_b")", "doi") == "10.1000/a_b");
  CHECK(field(R"("URL":"javascript:x")", "url").empty());
  CHECK(imported(R"({"items":[{"type":"book","title":"T"}]})", ImportFormat::csl_json) ==
        "@book{t,\n  title         = {T},\n}\n");
}

TEST_CASE("keys that BibTeX or biber would refuse are made anew, repeated ones told apart") {
  CHECK(imported(R"([{"type":"book","id":"http://zotero.org/users/1/items/A","title":"Big Things",)"
                 R"("author":[{"family":"Lee"}],"issued":{"date-parts":[[1999]]}},)"
                 R"({"type":"book","id":"a b"},{"type":"book","id":"x"},{"type":"book","id":"x"},)"
                 R"({"type":"book","id":7,"citation-key":"best"}])",
                 ImportFormat::csl_json) ==
        "@book{lee1999big,\n  author        = {Lee},\n  title         = {Big Things},\n  date          = "
        "{1999},\n}\n\n"
        "@book{unknown,\n}\n\n@book{x,\n}\n\n@book{xa,\n}\n\n@book{best,\n}\n");
}

TEST_CASE("RIS as other programs write it") {
  const std::string zotero =
      "Provider: x\r\n\r\nTY  - JOUR\r\nTI  - A title\r\nthat goes on\r\nAU  - Lee, Ann\r\nAU  - The Team\r\n"
      "T2  - Journal\r\nJ2  - J.\r\nDA  - 2017/06/12/\r\nPY  - 2017\r\nSP  - 1\r\nEP  - 9\r\nVL  - 3\r\nIS  "
      "- 4\r\n"
      "DO  - 10.1000/x\r\nSN  - 1234-5678\r\nKW  - a\r\nKW  - b\r\nER  - \r\n";
  CHECK(imported(zotero, ImportFormat::ris) ==
        "@article{lee2017title,\n"
        "  author        = {Lee, Ann and {The Team}},\n"
        "  title         = {A title that goes on},\n"
        "  journaltitle  = {Journal},\n"
        "  shortjournal  = {J.},\n"
        "  date          = {2017-06-12},\n"
        "  volume        = {3},\n"
        "  number        = {4},\n"
        "  pages         = {1--9},\n"
        "  issn          = {1234-5678},\n"
        "  doi           = {10.1000/x},\n"
        "  keywords      = {a, b},\n"
        "}\n");
  // One blank, no ER, a year that the day contradicts.
  CHECK(imported(
            "TY - BOOK\nID - k\nA1 - Lee, A., Jr\nT1 - T\nY1 - 1999///\nDA - 2005/01/01\nTY - ELEC\nID - l\n",
            ImportFormat::ris) ==
        "@book{k,\n  author        = {Lee, Jr, A.},\n  title         = {T},\n  date          = "
        "{1999},\n}\n\n@online{l,\n}\n");
}

TEST_CASE("RIS of CONF is one paper where it has an author and something around it") {
  const auto conf = [](const std::string& lines) {
    return imported("TY  - CONF\nID  - k\n" + lines + "ER  - \n", ImportFormat::ris);
  };
  CHECK(conf("AU  - Lee, Ann\nTI  - T\nT2  - 2020 IEEE Symposium\nSP  - 1\nEP  - 9\n") ==
        "@inproceedings{k,\n"
        "  author        = {Lee, Ann},\n"
        "  title         = {T},\n"
        "  booktitle     = {2020 {IEEE} Symposium},\n"
        "  pages         = {1--9},\n"
        "}\n");
  CHECK(conf("AU  - Lee, Ann\nTI  - T\nC3  - Proceedings of X\nT2  - The X\n") ==
        "@inproceedings{k,\n"
        "  author        = {Lee, Ann},\n"
        "  title         = {T},\n"
        "  booktitle     = {Proceedings of {X}},\n"
        "  eventtitle    = {The {X}},\n"
        "}\n");
  CHECK(conf("ED  - Lee, Ann\nTI  - T\nT3  - LNCS\n").starts_with("@proceedings{k,\n"));
  CHECK(conf("AU  - Lee, Ann\nTI  - T\n").starts_with("@proceedings{k,\n"));
}

TEST_CASE("a last name that stands for more is others") {
  const auto csl = [](const std::string& last) {
    return value_of(R"([{"type":"book","author":[{"family":"Lee","given":"Ann"},)" + last + "]}]",
                    ImportFormat::csl_json, "author");
  };
  CHECK(csl(R"({"literal":"others"})") == "Lee, Ann and others");
  CHECK(csl(R"({"literal":"et al."})") == "Lee, Ann and others");
  CHECK(csl(R"({"family":"et al"})") == "Lee, Ann and others");
  CHECK(csl(R"({"literal":"others"},{"literal":"The Team"})") == "Lee, Ann and {others} and {The Team}");
  CHECK(csl(R"({"family":"others","given":"A."})") == "Lee, Ann and others, A.");
  CHECK(value_of(R"([{"type":"book","author":[{"literal":"others"}]}])", ImportFormat::csl_json, "author")
            .empty());
  CHECK(value_of("TY  - BOOK\nAU  - Lee, Ann\nAU  - et al.\nER  - \n", ImportFormat::ris, "author") ==
        "Lee, Ann and others");
  CHECK(value_of("a: {type: book, author: [\"Lee, Ann\", others]}", ImportFormat::hayagriva, "author") ==
        "Lee, Ann and others");
  CHECK(value_of("a: {type: book, author: [\"Lee, Ann\", {name: others}]}", ImportFormat::hayagriva,
                 "author") == "Lee, Ann and others");
}

TEST_CASE("Hayagriva of a book in a series comes back as a book") {
  CHECK(round_trip("@book{a, title = {T}, series = {S}, number = 3, isbn = {0-19-853453-1}}",
                   ExportFormat::hayagriva, ImportFormat::hayagriva) ==
        "@book{a,\n"
        "  title         = {T},\n"
        "  series        = {S},\n"
        "  number        = {3},\n"
        "  isbn          = {0-19-853453-1},\n"
        "}\n");
}

TEST_CASE("Hayagriva as people write it") {
  CHECK(imported("lee:\n"
                 "  type: Article\n"
                 "  title:\n    value: On {DNA} in h2o\n    short: DNA\n"
                 "  author: [\"Lee, Ann\", { name: Gaulle, given-name: Charles, prefix: de }]\n"
                 "  editor: The Team\n"
                 "  date: 2020-05\n"
                 "  page-range: 3-9\n"
                 "  url: { value: \"https://x.org/a\", date: 2021-01-02 }\n"
                 "  serial-number: { doi: 10.1000/x, arxiv: 1706.03762 }\n"
                 "  parent:\n    - type: Proceedings\n      title: Proc. {X}\n      volume: ~\n"
                 "      publisher: { name: P, location: L }\n"
                 "    - type: Blog\n",
                 ImportFormat::hayagriva) ==
        "@inproceedings{lee,\n"
        "  author        = {Lee, Ann and de Gaulle, Charles},\n"
        "  editor        = {{The Team}},\n"
        "  title         = {On {DNA} in h2o},\n"
        "  date          = {2020-05},\n"
        "  booktitle     = {Proc. {X}},\n"
        "  publisher     = {P},\n"
        "  location      = {L},\n"
        "  doi           = {10.1000/x},\n"
        "  eprint        = {1706.03762},\n"
        "  eprinttype    = {arxiv},\n"
        "  url           = {https://x.org/a},\n"
        "  urldate       = {2021-01-02},\n"
        "  pages         = {3--9},\n"
        "}\n");
  CHECK(imported("{}\n", ImportFormat::hayagriva).empty());
}

TEST_CASE("what is none of the format is an error, however large or deep") {
  const auto csl = [](const std::string& text) { return imported(text, ImportFormat::csl_json); };
  CHECK(csl("") == "error: no JSON");
  CHECK(csl("[1]") == "error: no list of CSL items");
  CHECK(csl("{\"a\":1}") == "error: no list of CSL items");
  CHECK(csl("7") == "error: no list of CSL items");
  CHECK(csl(std::string(100000, '[')) == "error: nests deeper than 64 levels");
  CHECK(csl("[{\"type\":\"book\",\"title\":" + std::string(70, '[') + std::string(70, ']') + "}]") ==
        "error: nests deeper than 64 levels");
  CHECK(imported("@article{a}", ImportFormat::ris) == "error: no reference of RIS: no line begins with TY");
  const auto yaml = [](const std::string& text) { return imported(text, ImportFormat::hayagriva); };
  CHECK(yaml("") == "error: no mapping of keys to works");
  CHECK(yaml("- a") == "error: no mapping of keys to works");
  CHECK(yaml("a: b") == "error: no mapping of keys to works");
  CHECK(yaml("a: &x {type: book}\nb: *x") == "error: aliases of YAML are not read");
  CHECK(yaml("? [a]\n: b") == "error: a name of YAML that is no text");
  CHECK(yaml(std::string(70, '[')) == "error: nests deeper than 64 levels");
  CHECK(yaml("a: {").starts_with("error: no YAML: "));
  CHECK(imported(std::string(import_bytes_max + 1, ' '), ImportFormat::ris) == "error: larger than 64 MiB");
}

TEST_CASE("hostile values give entries that BibTeX's parser reads as one") {
  for (const std::string value :
       {"}", "{", "\\", "%", "a\nb", "\x01\x7F", "\xFF\xFE", "}@misc{x,", "$", "#&_^~\"", "<i>", "</i>",
        "<i><b></i></b>", "<sub><sub><sub>x</sub></sub></sub>"}) {
    CAPTURE(value);
    const std::string ris = "TY  - JOUR\nID  - " + value + "\nTI  - " + value + "\nAU  - " + value + ", " +
                            value + "\nUR  - http://x/" + value + "\nDO  - " + value + "\nSP  - " + value +
                            "\nER  - \n";
    const std::string bib = imported(ris, ImportFormat::ris);
    const Document document = Document::parse(bib);
    CHECK(document.diagnostics().empty());
    CHECK(std::size(resolved_entries(bib)) == 1);
  }
}

TEST_CASE("the format is told by the name of the file") {
  CHECK(import_format_of_file("a/refs.JSON") == ImportFormat::csl_json);
  CHECK(import_format_of_file("x.ris") == ImportFormat::ris);
  CHECK(import_format_of_file("x.yaml") == ImportFormat::hayagriva);
  CHECK_FALSE(import_format_of_file("refs.bib"));
  CHECK(import_format("hayagriva") == ImportFormat::hayagriva);
  CHECK_FALSE(import_format("bib"));
}
