#include "bibtex/verify/evidence.hpp"
#include "bibtex/verify/verdict.hpp"

namespace bibsmith::bibtex {

std::string_view name_of(Question question) {
  switch (question) {
    case Question::doi:
      return "doi";
    case Question::arxiv_id:
      return "arxiv_id";
    case Question::title:
      return "title";
  }
  return {};
}

std::string_view name_of(SourceAnswer::Status status) {
  switch (status) {
    case SourceAnswer::Status::found:
      return "found";
    case SourceAnswer::Status::has_none:
      return "has_none";
    case SourceAnswer::Status::could_not_ask:
      return "could_not_ask";
    case SourceAnswer::Status::does_not_cover:
      return "does_not_cover";
  }
  return {};
}

std::string_view name_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::verified:
      return "verified";
    case VerdictKind::wrong_fields:
      return "wrong_fields";
    case VerdictKind::could_not_verify:
      return "could_not_verify";
    case VerdictKind::does_not_exist:
      return "does_not_exist";
  }
  return {};
}

std::string_view name_of(ClaimField field) {
  switch (field) {
    case ClaimField::title:
      return "title";
    case ClaimField::author:
      return "author";
    case ClaimField::venue:
      return "venue";
    case ClaimField::year:
      return "year";
    case ClaimField::volume:
      return "volume";
    case ClaimField::number:
      return "number";
    case ClaimField::pages:
      return "pages";
    case ClaimField::doi:
      return "doi";
    case ClaimField::arxiv_id:
      return "arxiv_id";
  }
  return {};
}

std::string_view name_of(FieldFinding::Outcome outcome) {
  switch (outcome) {
    case FieldFinding::Outcome::agreed:
      return "agreed";
    case FieldFinding::Outcome::contradicted:
      return "contradicted";
    case FieldFinding::Outcome::not_compared:
      return "not_compared";
  }
  return {};
}

std::vector<std::string_view> Verdict::wrong_fields() const {
  std::vector<std::string_view> names;
  for (const FieldFinding& finding : fields) {
    if (finding.outcome != FieldFinding::Outcome::contradicted) continue;
    const std::string_view name = name_of(finding.field);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

}  // namespace bibsmith::bibtex
