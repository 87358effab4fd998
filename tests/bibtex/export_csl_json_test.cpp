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
      {"literal": "Ernst & Young"},
      {"literal": "others"}
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
  CHECK(items("@misc{a\xFF, title = {x\xFFy}}")[0]["title"] == "xÿy");  // Windows-1252
  CHECK(exported("", ExportFormat::csl_json) == "[]\n");
}

TEST_CASE("kinds of theses and reports") {
  CHECK(items("@phdthesis{a, school={S}}")[0] ==
        json::parse(R"({"id": "a", "type": "thesis", "publisher": "S", "genre": "PhD thesis"})"));
  CHECK(items("@techreport{a, institution={I}, type={Memo}, number={7}}")[0] ==
        json::parse(R"({"id": "a", "type": "report", "number": "7", "publisher": "I", "genre": "Memo"})"));
}

TEST_CASE("CSL-JSON has others only behind names") {
  const auto author = [](const std::string& list) {
    return items("@misc{a, author = {" + list + "}}")[0].value("author", json());
  };
  CHECK(author("Aad, G. and others") ==
        json::parse(R"([{"family": "Aad", "given": "G."}, {"literal": "others"}])"));
  CHECK(author("others and Aad, G.") == json::parse(R"([{"family": "Aad", "given": "G."}])"));
  CHECK(author("others").is_null());
}

TEST_CASE("CSL-JSON has the DOI alone") {
  const auto doi = [](const std::string& text) {
    return items("@misc{a, doi = {" + text + "}}")[0]["DOI"].get<std::string>();
  };
  CHECK(doi("https://doi.org/10.1000/xyz\\_abc") == "10.1000/xyz_abc");
  CHECK(doi("http://dx.doi.org/10.1000/1") == "10.1000/1");
  CHECK(doi("doi:10.1000/1") == "10.1000/1");
  CHECK(doi("10.1000/1") == "10.1000/1");
  CHECK(doi("none yet") == "none yet");
}

TEST_CASE("CSL-JSON has the address that howpublished holds") {
  const auto item = [](const std::string& fields) { return items("@misc{a, " + fields + "}")[0]; };
  const auto url = [&](const std::string& text) { return item("howpublished = {" + text + "}")["URL"]; };
  CHECK(url("\\url{https://www.x.org/a_b}") == "https://www.x.org/a_b");
  CHECK(url("Online: \\url{https://x.org/a\\_b}. Accessed 2020") == "https://x.org/a_b");
  CHECK(url("\\href{https://x.org/a}{here}") == "https://x.org/a");
  CHECK(url("See https://x.org/a, in 2020") == "https://x.org/a");
  CHECK(url("(http://x.org)") == "http://x.org");
  CHECK(item("howpublished = {\\url{https://x.org/a}}, url = {https://y.org}")["URL"] == "https://y.org");
  CHECK_FALSE(item("howpublished = {\\href{https://x.org/a}{here}}").contains("publisher"));
  CHECK(item("howpublished = {Self-published}")["publisher"] == "Self-published");
}

TEST_CASE("CSL-JSON has the journals of the AAS macros by name") {
  const auto journal = [](const std::string& text) {
    return items("@article{a, journal = {" + text + "}}")[0]["container-title"];
  };
  CHECK(journal("\\mnras") == "Monthly Notices of the Royal Astronomical Society");
  CHECK(journal("{\\aap}") == "Astronomy and Astrophysics");
  CHECK(journal("\\unheard") == "unheard");
  CHECK(journal("J. \\& K.") == "J. & K.");
}

TEST_CASE("CSL-JSON does not have what is only for sorting") {
  const json item = items(
      "@book{a, author = {{\\noopsort{Zed}}{Lee}, Ann}, year = {{\\noopsort{1973c}}1981},\n"
      "  title = {{\\SortNoop{b}}Sorting in $O(n \\log n)$}}")[0];
  CHECK(item["issued"] == json::parse(R"({"date-parts": [[1981]]})"));
  CHECK(item["title"] == "Sorting in O(n log n)");
  CHECK(item["author"] == json::parse(R"([{"family": "Lee", "given": "Ann"}])"));
}
