#include "bibtex/syntax/document.hpp"
#include "bibtex/verify/judge.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

Claim claim_in(const std::string& text) {
  const Document document = Document::parse(text);
  return claim_of(document, Macros(document), document.block(0));
}

Record record_of(std::string title, const std::vector<std::string>& authors) {
  Record record;
  record.title = std::move(title);
  for (const std::string& name : authors) record.authors.push_back({.name = name});
  return record;
}

}  // namespace

TEST_CASE("A claim is what the entry says, in plain text") {
  const Claim claim =
      claim_in(R"(@Article{k, title = {On {K}{\"a}hler}, author = {von Neumann, John and others},
    journal = {J. Ex.}, year = 1999, pages = {1--9}, doi = {10.1000/1}})");
  CHECK(claim.type == "article");
  CHECK(claim.title == "On Kähler");
  REQUIRE(claim.authors.size() == 1);
  CHECK(claim.authors.front().family == "Neumann");
  CHECK(claim.others);
  CHECK(claim.venue == "J. Ex.");
  CHECK(claim.year == 1999);
  CHECK(claim.doi->str() == "10.1000/1");
}

TEST_CASE("Silence is no proof that a work does not exist") {
  const Verdict verdict =
      judge(claim_in("@article{k, title = {A Work Unheard of}, author = {Doe, Ann}}"), {}, {});
  CHECK(verdict.kind == VerdictKind::could_not_verify);
}

TEST_CASE("A record with this title and these authors verifies the work") {
  const Record record = record_of("A Work Well Known", {"Ann Doe"});
  Evidence evidence;
  evidence.candidates.push_back({&record, Question::title});
  const Verdict verdict =
      judge(claim_in("@article{k, title = {A Work Well Known}, author = {Doe, Ann}}"), evidence, {});
  CHECK(verdict.kind == VerdictKind::verified);
}
