#include "bibtex/verify/field_findings.hpp"

namespace bibsmith::bibtex {

namespace {

std::string_view code_of(TitleMatch match) {
  switch (match) {
    case TitleMatch::same:
      return "title.same";
    case TitleMatch::cut:
      return "title.subtitle";
    case TitleMatch::near:
      return "title.near";
    case TitleMatch::other:
      return "title.other";
    case TitleMatch::unknown:
      return "title.unknown";
  }
  return {};
}

}  // namespace

FieldFinding judge_title(const ClaimText& claim, std::span<const WorkMatch> works, const Evidence& evidence) {
  // They are sorted by this.
  const WorkMatch& best = works.front();
  FieldFinding finding{ClaimField::title,         FieldFinding::Outcome::contradicted,
                       code_of(best.title.match), claim.claim.title,
                       best.record->title,        best.candidate};
  if (best.title.match == TitleMatch::unknown) finding.outcome = FieldFinding::Outcome::not_compared;
  if (best.title.match <= TitleMatch::cut) finding.outcome = FieldFinding::Outcome::agreed;
  // The registry of the DOI has the title as the claim has it: an index garbled it.
  if (finding.outcome == FieldFinding::Outcome::contradicted && is_registered_title(claim, evidence)) {
    finding.outcome = FieldFinding::Outcome::agreed;
    finding.code = "title.by-doi";
    finding.known = evidence.doi_title;
    finding.candidate.reset();
  }
  return finding;
}

}  // namespace bibsmith::bibtex
