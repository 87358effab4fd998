#include "tests/arxiv_emulator/search_query.hpp"

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

StoredPaper paper() {
  StoredPaper out;
  out.id = "0704.0001";
  out.title = R"(Calculation of $\alpha$ decay at the LHC)";
  out.authors = R"(C. Bal\'azs, E. L. Berger)";
  out.categories = {"hep-ph", "cs.AI"};
  out.comments = "37 pages";
  out.journal_ref = "Phys.Rev.D76:013009,2007";
  out.doi = "10.1103/PhysRevD.76.013009";
  out.report_number = "ANL-HEP-PR-07-12";
  out.abstract = "Photon pairs are produced.";
  out.versions = {{.number = 1, .created = *parse_moment("2007-04-02 19:18:42")}};
  return out;
}

std::string result(std::string_view query) {
  const auto parsed = SearchQuery::parse(query);
  return !parsed ? "invalid" : parsed->matches(paper()) ? "yes" : "no";
}

}  // namespace

TEST_CASE("every field") {
  for (const char* query :
       {"ti:calculation", "ti:\"decay at the LHC\"", "au:Balázs", "au:berger", "abs:photon", "co:37",
        "jr:Phys", "cat:hep-ph", "cat:cs.*", "rn:ANL", "id:0704.0001", "id:0704.0001v1", "id:0704.*",
        "doi:10.1103/physrevd.76.013009", "all:berger", "all:photon", "ti:calc*", "ti:dec?y",
        "submittedDate:\"200704021918 TO 200704021918\""}) {
    CAPTURE(query);
    CHECK(result(query) == "yes");
  }
  for (const char* query :
       {"ti:calc", "ti:\"LHC the\"", "au:photon", "cat:cs", "cat:hep", "id:0704.0002", "co:3", "ti:dec?",
        "submittedDate:\"200704021919 TO 200804021918\"", "submittedDate:\"x\""}) {
    CAPTURE(query);
    CHECK(result(query) == "no");
  }
}

TEST_CASE("operators and parentheses") {
  CHECK(result("ti:decay AND au:berger") == "yes");
  CHECK(result("ti:decay AND au:nobody") == "no");
  CHECK(result("ti:nothing OR au:berger") == "yes");
  CHECK(result("ti:decay ANDNOT au:berger") == "no");
  CHECK(result("ti:decay ANDNOT (au:nobody AND ti:decay)") == "yes");
  CHECK(result("ANDNOT au:nobody") == "yes");
  CHECK(result("( ANDNOT ti:space AND ti:decay)") == "yes");
  CHECK(result("ti:nothing AND ti:nothing OR ti:decay") == "yes");
}

TEST_CASE("what is not the grammar is refused") {
  for (const char* query : {"", "(", ")", "()", "AND", "ti:a AND", "AND ti:a", "ti:a ti:b", "(ti:a", "ti:a)",
                            "a", "xx:a", "ti:", "ti:\"a", "ti:[a]", "ti:a OR OR ti:b"}) {
    CAPTURE(query);
    CHECK(result(query) == "invalid");
  }
  CHECK(result(std::string(100'000, '(')) == "invalid");
  std::string deep(10'000, '(');
  deep += "ti:decay";
  deep.append(10'000, ')');
  CHECK(result(deep) == "yes");
}

TEST_CASE("patterns") {
  CHECK(matches_pattern("abc", "a*c"));
  CHECK(matches_pattern("abc", "*"));
  CHECK(matches_pattern("", "*"));
  CHECK(matches_pattern("aXbXc", "a*X?"));
  CHECK_FALSE(matches_pattern("abc", "a*b"));
  CHECK_FALSE(matches_pattern(std::string(10'000, 'a'), "*a*a*a*a*b"));
}
