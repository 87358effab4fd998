#include "tests/arxiv_emulator/stored_paper.hpp"

#include <set>

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/text.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

std::string error_of(std::string_view lines) {
  const auto papers = parse_papers(lines);
  return papers ? "" : papers.error();
}

}  // namespace

TEST_CASE("both ways to write dates, and what the lines of a version change") {
  const auto papers = parse_papers(
      R"({"id":"1","title":"T","authors":"A","categories":["x"],"doi":null,"is_withdrawn":1,"modtime":1296781349,)"
      R"("versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT","authors":"B"},)"
      R"({"version":"v3","created":"2009-04-07 17:14:41","is_withdrawn":1}]})"
      "\n\n");
  REQUIRE(papers);
  const StoredPaper& paper = papers->at(0);
  CHECK(iso_moment(paper.versions[0].created) == "2007-04-02T19:18:42Z");
  CHECK(paper.authors_of(paper.versions[0]) == "B");
  CHECK(paper.authors_of(paper.versions[1]) == "A");
  CHECK(iso_moment(paper.versions[1].created) == "2009-04-07T17:14:41Z");
  CHECK(paper.versions[1].withdrawn);
  CHECK(paper.find_version(3) == &paper.versions[1]);
  CHECK(paper.find_version(2) == nullptr);
  CHECK(iso_day(paper.modified) == "2011-02-04");
  CHECK(paper.doi.empty());
}

TEST_CASE("what is wrong with a line is said with its number") {
  CHECK(error_of("{") == "line 1: not valid JSON");
  CHECK(error_of("\n[]") == "line 2: expected an object");
  CHECK(error_of("{}") == "line 1: id: missing");
  CHECK(error_of(R"({"id":1})") == "line 1: id: expected a string");
  CHECK(error_of(R"({"id":"a"})") == "line 1: categories: expected a list");
  CHECK(error_of(R"({"id":"a","categories":[1],"versions":[]})") ==
        "line 1: categories: expected a list of strings");
  CHECK(error_of(R"({"id":"a","categories":[],"versions":[]})") == "line 1: versions: empty");
  CHECK(error_of(R"({"id":"a","categories":[],"versions":[1]})") ==
        "line 1: versions[0]: expected an object");
  CHECK(error_of(R"({"id":"a","categories":[],"versions":[{"version":"1","created":"2001-01-01"}]})") ==
        "line 1: versions[0].version: not a version: '1'");
  CHECK(error_of(R"({"id":"a","categories":[],"versions":[{"version":"v1","created":"yesterday"}]})") ==
        "line 1: versions[0].created: not a date: 'yesterday'");
  CHECK(error_of(R"({"id":"a","categories":[],"versions":[{"version":"v2","created":"2001-01-01"},)"
                 R"({"version":"v2","created":"2001-01-01"}]})") == "line 1: versions: numbers do not rise");
  CHECK(load_papers("no/such/file.jsonl").error() == "no/such/file.jsonl: cannot be read");
}

TEST_CASE("moments that are none") {
  for (const char* text :
       {"", "2007", "2007-13-01", "2007-02-30", "2007-01-01 25:00:00", "2007-01-01 10:00",
        "Mon, 2 Foo 2007 19:18:42 GMT", "Mon, 2 Apr 2007 19:18:42 EST", "2007-01-01x", ","}) {
    CAPTURE(text);
    CHECK_FALSE(parse_moment(text).has_value());
  }
  CHECK(mail_moment(*parse_moment("2007-04-02 19:18:42")) == "Mon, 02 Apr 2007 19:18:42 GMT");
  CHECK(minute_digits(*parse_moment("2007-04-02 19:18:42")) == "200704021918");
}

TEST_CASE("the sample has the papers that examples and tests name") {
  const auto papers = load_papers("data/sample_papers.jsonl");
  REQUIRE(papers);
  std::set<std::string> ids;
  for (const StoredPaper& paper : *papers) {
    CAPTURE(paper.id);
    CHECK(ids.insert(paper.id).second);
    CHECK_FALSE(paper.title.empty());
    CHECK_FALSE(paper.authors.empty());
    CHECK(paper.abstract.size() < 120);
    CHECK(std::ranges::is_sorted(paper.versions, {}, &StoredVersion::created));
  }
  CHECK(ids.size() >= 20);
  for (const char* id :
       {"1706.03762", "hep-th/9901001", "2303.08774", "hep-th/9711200", "1602.03837", "1207.7214",
        "1810.04805", "1512.03385", "1412.6980", "math/0211159", "quant-ph/9508027", "0704.0001"}) {
    CAPTURE(id);
    CHECK(ids.contains(id));
  }
}

TEST_CASE("escapes of URLs and XML") {
  CHECK(url_decoded("a%20b+c%2C%zz%") == "a b c,%zz%");
  CHECK(url_encoded("a b/ü", "/", "+") == "a+b/%C3%BC");
  CHECK(xml_text("<a & \"b\"\x01>") == "&lt;a &amp; \"b\"&gt;");
  CHECK(xml_attribute("\"") == "&quot;");
}
