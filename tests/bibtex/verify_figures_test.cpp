#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/bibtex/verify_world.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;
using namespace bibsmith::testing;

namespace {

const std::filesystem::path data = "../../shared/data/verify";
constexpr JudgeOptions options{.this_year = 2026};

bool is_absent() {
  if (std::filesystem::is_directory(data)) return false;
  WARN("no " << data << ": the figures were not measured");
  return true;
}

struct Figures {
  Share detected;  // of bad references: anything but verified
  Share accused;   // of valid ones: wrong or non-existent
  Share accused_scraped;
  Share exact;      // of those with wrong fields: these fields and no others
  Share cut_lists;  // of partly cut lists of authors: the authors are told to be wrong
};

bool accuses(const Verdict& verdict) {
  return verdict.kind == VerdictKind::wrong_fields || verdict.kind == VerdictKind::does_not_exist;
}

Figures measure(const VerifyWorld& world, const std::vector<LabelledReference>& references) {
  Figures figures;
  for (const LabelledReference& reference : references) {
    const Claim claim = claim_in(reference.bibtex);
    const Verdict verdict = judge(claim, world.search(claim), options);
    const std::vector<std::string_view> names = verdict.wrong_fields();
    std::set<std::string> wrong(names.begin(), names.end());
    if (reference.is_valid) {
      figures.accused.count(accuses(verdict));
      if (reference.method == "scraped") figures.accused_scraped.count(accuses(verdict));
      continue;
    }
    figures.detected.count(verdict.kind != VerdictKind::verified);
    if (reference.verdict != "wrong_fields" || reference.wrong_fields.empty()) continue;
    if (reference.has_doi_of_other_work && !reference.wrong_fields.contains("doi")) wrong.erase("doi");
    figures.exact.count(verdict.kind == VerdictKind::wrong_fields && wrong == reference.wrong_fields);
    if (reference.type == "partial_author_list") figures.cut_lists.count(wrong.contains("author"));
  }
  return figures;
}

}  // namespace

TEST_CASE("labelled references are judged within the bounds, against indexes as they are") {
  if (is_absent()) return;
  const VerifyWorld world(data / "records_noisy.jsonl", data / "doi_registry.jsonl");
  const Figures figures = measure(world, read_references(data / "entries_dev.jsonl"));
  REQUIRE(figures.detected.all > 500);
  CHECK(figures.detected.value() >= 0.985);
  CHECK(figures.accused.value() <= 0.03);
  CHECK(figures.accused_scraped.value() <= 0.015);
  CHECK(figures.exact.value() >= 0.95);
  CHECK(figures.cut_lists.value() >= 0.95);
}

TEST_CASE("no valid reference that the indexes lack is said not to exist") {
  if (is_absent()) return;
  VerifyWorld world(data / "records_noisy.jsonl", data / "doi_registry.jsonl");
  const std::vector<LabelledReference> references = read_references(data / "entries_dev.jsonl");
  for (std::size_t part = 0; part < 3; ++part) {  // of ten that could be hidden
    CAPTURE(part);
    world.show_all();
    std::set<std::string> hidden;
    for (const LabelledReference& reference : references) {
      if (!reference.is_valid || std::hash<std::string>{}(reference.key) % 10 != part) continue;
      world.hide(claim_in(reference.bibtex));
      hidden.insert(reference.key);
    }
    Share open;
    for (const LabelledReference& reference : references) {
      if (!reference.is_valid) continue;
      const Claim claim = claim_in(reference.bibtex);
      const Verdict verdict = judge(claim, world.search(claim), options);
      CAPTURE(reference.bibtex);
      CHECK(verdict.kind != VerdictKind::does_not_exist);
      if (hidden.contains(reference.key)) open.count(verdict.kind == VerdictKind::could_not_verify);
    }
    REQUIRE(open.all > 20);
    CHECK(open.value() >= 0.99);
  }
}

TEST_CASE("labelled references without a network could not be verified, all of them") {
  if (is_absent()) return;
  Evidence offline;
  for (const Question question : {Question::doi, Question::arxiv_id, Question::title})
    offline.answers.push_back({"index", question, SourceAnswer::Status::could_not_ask, "offline", false});
  for (const LabelledReference& reference : read_references(data / "entries_dev.jsonl"))
    CHECK(judge(claim_in(reference.bibtex), offline, options).kind == VerdictKind::could_not_verify);
}
