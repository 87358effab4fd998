#include "bibtex/verify/judge.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

WorkSaid said_of(const Claim& claim) {
  WorkSaid said;
  said.title = claim.title;
  for (const Name& name : claim.authors)
    said.families.push_back(name.is_literal() ? name.literal : name.family);
  said.others = claim.others;
  return said;
}

Outcome outcome_of(WorkComparison::Outcome outcome) {
  if (outcome == WorkComparison::Outcome::unknown) return Outcome::not_compared;
  return outcome == WorkComparison::Outcome::passed ? Outcome::agreed : Outcome::contradicted;
}

void read_silence(const Claim& claim, const Evidence& evidence, const JudgeOptions& options,
                  Verdict& verdict) {
  if (evidence.doi == DoiStatus::unregistered) {
    verdict.kind = VerdictKind::does_not_exist;
    verdict.reasons.push_back({"doi.unregistered", "no registry knows the DOI " + claim.doi->str(), {}});
  }
  if (options.this_year > 0 && claim.year > options.this_year + 1) {
    verdict.kind = VerdictKind::does_not_exist;
    verdict.reasons.push_back({"year.future", "the year has not come yet", {}});
  }
  if (verdict.reasons.empty()) verdict.reasons.push_back({"work.not-found", "no source has this work", {}});
}

}  // namespace

Verdict judge(const Claim& claim, const Evidence& evidence, const JudgeOptions& options) {
  Verdict verdict;
  const WorkSaid said = said_of(claim);
  for (std::size_t i = 0; i < evidence.candidates.size(); ++i) {
    const Record& record = *evidence.candidates[i].record;
    const WorkComparison compared = compare_work(said, record);
    if (compared.title != WorkComparison::Outcome::passed) continue;
    verdict.same_work.push_back(i);
    for (const Notice& notice : record.notices) verdict.notices.push_back({notice, i});
    if (!verdict.fields.empty()) continue;
    verdict.fields.push_back(
        {ClaimField::title, Outcome::agreed, "title.same", claim.title, record.title, i});
    verdict.fields.push_back(
        {ClaimField::author, outcome_of(compared.authors), "author.compared", {}, {}, i});
  }
  if (verdict.same_work.empty()) {
    read_silence(claim, evidence, options, verdict);
    return verdict;
  }
  verdict.kind = verdict.wrong_fields().empty() ? VerdictKind::verified : VerdictKind::wrong_fields;
  verdict.reasons.push_back({"work.found", "a source has this work", verdict.same_work.front()});
  return verdict;
}

}  // namespace bibsmith::bibtex
