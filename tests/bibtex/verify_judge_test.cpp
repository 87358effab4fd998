#include <algorithm>
#include <string>
#include <vector>

#include "bibtex/verify/judge.hpp"
#include "tests/bibtex/verify_world.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;
using bibsmith::testing::claim_in;
using bibsmith::testing::read_cases;
using bibsmith::testing::VerifyCase;

namespace {

constexpr JudgeOptions options{.this_year = 2026};

std::vector<std::string> strings(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

std::vector<std::string> codes_of(const Verdict& verdict) {
  std::vector<std::string> codes;
  for (const FieldFinding& finding : verdict.fields) codes.emplace_back(finding.code);
  for (const VerdictReason& reason : verdict.reasons) codes.emplace_back(reason.code);
  return codes;
}

std::vector<std::string> notices_of(const Verdict& verdict) {
  std::vector<std::string> notices;
  for (const FoundNotice& found : verdict.notices) notices.emplace_back(name_of(found.notice.kind));
  return notices;
}

// What a finding quotes is there to be quoted.
void check_quotes(const Verdict& verdict, const Evidence& evidence) {
  CHECK_FALSE(verdict.reasons.empty());
  for (const FieldFinding& finding : verdict.fields) {
    CHECK_FALSE(finding.code.empty());
    if (finding.candidate) CHECK(*finding.candidate < evidence.candidates.size());
    const bool names_record =
        finding.outcome == FieldFinding::Outcome::contradicted && finding.candidate.has_value();
    if (names_record && finding.code != "author.not-in-record") CHECK_FALSE(finding.known.empty());
  }
  CHECK(std::is_sorted(verdict.fields.begin(), verdict.fields.end(),
                       [](const FieldFinding& a, const FieldFinding& b) { return a.field < b.field; }));
}

}  // namespace

TEST_CASE("A claim is what the entry says, in plain text") {
  const Claim claim = claim_in(R"(@Article{k, title = {On {K}{\"a}hler &amp; <i>Co</i>}, subtitle = {Notes},
    author = {von Neumann, John and d&apos;Amber, Ilse and others}, journal = {J. Ex.}, date = {1999-05},
    pages = {1--9}, doi = {https://doi.org/10.1000/1}})");
  CHECK(claim.type == "article");
  CHECK(claim.title == "On Kähler & Co: Notes");
  REQUIRE(claim.authors.size() == 2);
  CHECK(claim.authors[0].prefix == "von");
  CHECK(claim.authors[1].family == "d'Amber");
  CHECK(claim.others);
  CHECK(claim.venue == "J. Ex.");
  CHECK(claim.year == 1999);
  CHECK(claim.doi->str() == "10.1000/1");
  CHECK_FALSE(claim.is_preprint);
}

TEST_CASE("arXiv's name is no venue, and its DOI is an arXiv id") {
  const Claim claim = claim_in(
      "@misc{k, journal = {arXiv preprint arXiv:2101.99999}, doi = {10.48550/arXiv.2101.99999v2}, doi = "
      "{x}}");
  CHECK(claim.venue.empty());
  CHECK(claim.is_preprint);
  CHECK(claim.arxiv_id->base() == "2101.99999");
}

TEST_CASE("Each rule of the judge has a case") {
  for (const VerifyCase& one : read_cases("data/verify_cases.jsonl")) {
    CAPTURE(one.name, one.bibtex);
    const Claim claim = claim_in(one.bibtex);
    const Verdict verdict = judge(claim, one.evidence, options);
    CAPTURE(codes_of(verdict));
    CHECK(name_of(verdict.kind) == one.verdict);
    CHECK(strings(verdict.wrong_fields()) == one.wrong_fields);
    CHECK(notices_of(verdict) == one.notices);
    const std::vector<std::string> codes = codes_of(verdict);
    for (const std::string& code : one.codes) {
      CAPTURE(code);
      CHECK(std::find(codes.begin(), codes.end(), code) != codes.end());
    }
    check_quotes(verdict, one.evidence);

    Evidence turned = one.evidence;
    std::reverse(turned.candidates.begin(), turned.candidates.end());
    const Verdict again = judge(claim, turned, options);
    CHECK(again.kind == verdict.kind);
    CHECK(again.wrong_fields() == verdict.wrong_fields());
    CHECK(codes_of(again) == codes);
  }
}

TEST_CASE("Without a network every verdict is that it could not be verified") {
  for (const VerifyCase& one : read_cases("data/verify_cases.jsonl")) {
    CAPTURE(one.name);
    Evidence offline;
    for (const Question question : {Question::doi, Question::arxiv_id, Question::title})
      offline.answers.push_back({"index", question, SourceAnswer::Status::could_not_ask, "offline", false});
    CHECK(judge(claim_in(one.bibtex), offline, options).kind == VerdictKind::could_not_verify);
  }
}

TEST_CASE("A reference of any size and nonsense is judged in bounded time") {
  std::string authors = "A B";
  for (int i = 0; i < 3'000; ++i) authors += " and Name" + std::to_string(i) + " Family";
  const Claim claim =
      claim_in("@article{k, title = {" + std::string(100'000, 'x') + " y}, author = {" + authors + "}}");
  Record record;
  record.title = claim.title;
  for (int i = 0; i < 3'000; ++i)
    record.authors.push_back({.name = "Name" + std::to_string(3'000 - i) + " Family"});
  Evidence evidence;
  evidence.candidates.push_back({&record, Question::doi});
  const Verdict verdict = judge(claim, evidence, options);
  CHECK(verdict.kind != VerdictKind::verified);
  CHECK(verdict.fields.size() < 40);
  CHECK(
      judge(claim_in("@article{k, title = {{{, author = and and and, doi = 10.}"), evidence, options).kind !=
      VerdictKind::verified);
}
