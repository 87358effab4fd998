#include "fetchers/snapshot/snapshot_line.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;

namespace {

Record record_in(const std::string& line) {
  const auto record = parse_snapshot_line(line);
  INFO((record ? std::string{} : record.error().message));
  REQUIRE(record);
  return *record;
}

std::string with(const std::string& members) {
  return R"({"id": "1502.00042", "title": "A Title")" + (members.empty() ? "" : ", " + members) + "}";
}

}  // namespace

TEST_CASE("a line of the snapshot is a record") {
  const Record record = record_in(
      R"({"id":"1502.00042","submitter":"Ann Lee","authors":"Ann Lee, Bo \u00c5s Jr.","title":"On\n  Things",)"
      R"("comments":"3 pages","journal-ref":null,"doi":"10.1000/x","report-no":"R-1","categories":"cs.LG stat.ML",)"
      R"("license":"http://l/","abstract":"  We \"do\".\n","versions":[{"version":"v2","created":)"
      R"("Tue, 3 Feb 2015 10:00:00 GMT"},{"version":"v1","created":"Mon, 2 Feb 2015 10:00:00 GMT"}],)"
      R"("update_date":"2015-02-04","authors_parsed":[["Lee","Ann",""],["\u00c5s","Bo","Jr.","Lund"]]})");
  CHECK(record.arxiv_id->str() == "1502.00042v2");
  CHECK(record.title == "On Things");
  CHECK(record.abstract == "We \"do\".");
  CHECK(record.comment == "3 pages");
  CHECK(record.journal_ref.empty());
  CHECK(record.report_number == "R-1");
  CHECK(record.categories == std::vector<std::string>{"cs.LG", "stat.ML"});
  REQUIRE(record.authors.size() == 2);
  CHECK(record.authors[1].name == "Bo \xC3\x85s Jr.");
  CHECK(record.authors[1].family == "\xC3\x85s");
  CHECK(record.authors[1].affiliations == std::vector<std::string>{"Lund"});
  REQUIRE(record.versions.size() == 2);
  CHECK(record.versions[0].number == 1);
  CHECK(record.published == Date{2015, 2, 2});
  CHECK(record.updated == Date{2015, 2, 3});
}

TEST_CASE("what is odd in a line of the snapshot leaves the rest as it is") {
  for (const std::string odd :
       {R"("authors_parsed": [])", R"("authors_parsed": "x")",
        R"("authors_parsed": [[], 7, "x", {}, ["", ""]])", R"("authors_parsed": {"a": 1})"}) {
    CAPTURE(odd);
    const Record record = record_in(with(odd + R"(, "authors": "Ann Lee")"));
    REQUIRE(record.authors.size() == 1);
    CHECK(record.authors[0].name == "Ann Lee");
  }
  for (const std::string odd :
       {R"("versions": [])",
        R"("versions": [{}, 1, "v1", {"version": "1"}, {"version": "v0"}, {"version": "v1x"}])",
        R"("versions": {"version": "v1"})"}) {
    CAPTURE(odd);
    CHECK(record_in(with(odd)).versions.empty());
  }
  CHECK(record_in(with(R"("authors_parsed": )" + std::string(500'000, '[') + std::string(500'000, ']')))
            .authors.empty());
}

TEST_CASE("a line of the snapshot that is none is refused") {
  const auto why = [](const std::string& line) { return parse_snapshot_line(line).error().message; };
  CHECK(why("[]") == "the line is no JSON object");
  CHECK(why(R"({"id": "1502.00042"})") == "the line of 1502.00042 has no title");
  CHECK(why(R"({"title": "A Title"})").starts_with("the line has no arXiv id: "));
  CHECK(why(with(std::string(snapshot_line_bytes_max, ' '))) == "the line is longer than 2 MiB");
}
