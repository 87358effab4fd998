#include <string>

#include <nlohmann/json.hpp>

#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;
using nlohmann::json;

namespace {

json items(const std::string& text) { return json::parse(exported(text, ExportFormat::csl_json)); }

}  // namespace

TEST_CASE("CSL-JSON of an article") {
  CHECK(items(article_text)[0] == json::parse(R"({
    "id": "turing1936",
    "type": "article-journal",
    "author": [
      {"family": "Turing", "given": "Alan M."},
      {"family": "Waerden", "given": "Bartel", "non-dropping-particle": "van der", "suffix": "Jr."},
      {"literal": "Ernst & Young"}
    ],
    "issued": {"date-parts": [[1937, 1]]},
    "title": "On Computable Numbers: Études of x_1",
    "container-title": "Proceedings of the London Math. Society",
    "volume": "42",
    "issue": "1",
    "page": "230–265",
    "DOI": "10.1112/plms/s2-42.1.230",
    "ISSN": "0024-6115"
  })"));
}

TEST_CASE("CSL-JSON of a preprint, a chapter and a page of the web") {
  CHECK(items(preprint_text)[0] == json::parse(R"({
    "id": "vaswani2017",
    "type": "article",
    "author": [{"family": "Vaswani", "given": "Ashish"}],
    "issued": {"date-parts": [[2017]]},
    "title": "Attention Is All You Need",
    "publisher": "arXiv",
    "number": "arXiv:1706.03762",
    "URL": "https://arxiv.org/abs/1706.03762"
  })"));
  CHECK(items(chapter_text)[0] == json::parse(R"({
    "id": "c",
    "type": "chapter",
    "author": [{"family": "B", "given": "A"}],
    "editor": [{"family": "F", "given": "E"}],
    "issued": {"date-parts": [[2001]]},
    "title": "T",
    "container-title": "The Book",
    "collection-title": "S",
    "collection-number": "3",
    "page": "1–9",
    "edition": "Second",
    "publisher": "P",
    "publisher-place": "L",
    "ISBN": "0-19-853453-1"
  })"));
  CHECK(items(online_text)[0] == json::parse(R"({
    "id": "o",
    "type": "webpage",
    "author": [{"literal": "The Team"}],
    "issued": {"date-parts": [[2019, 12, 1], [2020, 1, 2]]},
    "title": "Site: More",
    "URL": "http://x.org/a_b",
    "accessed": {"date-parts": [[2020, 2, 3]]},
    "language": "english",
    "keyword": "one, two words"
  })"));
}

TEST_CASE("CSL-JSON dates") {
  const auto issued = [](const std::string& date) {
    return items("@online{a, date={" + date + "}}")[0]["issued"];
  };
  CHECK(issued("2001-22") == json::parse(R"({"date-parts": [[2001]], "season": 2})"));
  CHECK(issued("2001~") == json::parse(R"({"date-parts": [[2001]], "circa": true})"));
  CHECK(issued("2001/") == json::parse(R"({"date-parts": [[2001], [0]]})"));
  CHECK(issued("soon") == json::parse(R"({"literal": "soon"})"));
  CHECK_FALSE(items("@misc{a}")[0].contains("issued"));
}

TEST_CASE("CSL-JSON takes any bytes") {
  CHECK(items("@misc{a\xFF, title = {x\xFFy}}")[0]["title"] == "x\xEF\xBF\xBDy");
  CHECK(exported("", ExportFormat::csl_json) == "[]\n");
}

TEST_CASE("kinds of theses and reports") {
  CHECK(items("@phdthesis{a, school={S}}")[0] ==
        json::parse(R"({"id": "a", "type": "thesis", "publisher": "S", "genre": "PhD thesis"})"));
  CHECK(items("@techreport{a, institution={I}, type={Memo}, number={7}}")[0] ==
        json::parse(R"({"id": "a", "type": "report", "number": "7", "publisher": "I", "genre": "Memo"})"));
}
