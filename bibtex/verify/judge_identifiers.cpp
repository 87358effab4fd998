#include <algorithm>

#include "bibtex/model/unicode.hpp"
#include "bibtex/verify/field_findings.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

// The best match that the identifier leads to, the same work before another; nullptr: it led nowhere.
const WorkMatch* led_to(std::span<const WorkMatch> all, bool WorkMatch::*by) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const WorkMatch& match) { return match.*by; });
  return found == all.end() ? nullptr : &*found;
}

bool is_unknown_to_a_complete_source(const Evidence& evidence, Question question) {
  return std::any_of(evidence.answers.begin(), evidence.answers.end(), [&](const SourceAnswer& answer) {
    return answer.question == question && answer.is_complete &&
           answer.status == SourceAnswer::Status::has_none;
  });
}

// Romanised names of other scripts are not told apart surely.
bool has_latin_names(const Record& record) {
  return std::all_of(record.authors.begin(), record.authors.end(), [](const Author& author) {
    const std::string name = to_plain_latin(author.name);
    return std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  });
}

// What the DOI was asked for, and is quite another work. It goes before records that only bear the DOI, which
// authors mistype in arXiv's form; but preprints come out under new titles, so the authors have to be others.
const WorkMatch* registered_stranger(std::span<const WorkMatch> all, const Evidence& evidence) {
  const WorkMatch* stranger = nullptr;
  for (const WorkMatch& match : all) {
    if (evidence.candidates[match.candidate].found_by != Question::doi) continue;
    if (match.is_same_work) return nullptr;
    const bool is_other = match.title.match == TitleMatch::other &&
                          match.authors.match == AuthorsMatch::other && match.authors.shared == 0;
    if (is_other && has_latin_names(*match.record) && stranger == nullptr) stranger = &match;
  }
  return stranger;
}

FieldFinding judge_doi(const ClaimText& claim, std::span<const WorkMatch> all, const Evidence& evidence) {
  const Claim& said = claim.claim;
  FieldFinding finding{ClaimField::doi, Outcome::not_compared, "doi.unknown", {}, {}, {}};
  if (!said.doi) {
    finding.said = said.bad_doi;
    finding.code = "doi.malformed";
    finding.outcome = Outcome::contradicted;
    return finding;
  }
  finding.said = said.doi->str();
  const WorkMatch* const stranger = registered_stranger(all, evidence);
  if (const WorkMatch* const match = stranger != nullptr ? stranger : led_to(all, &WorkMatch::by_doi)) {
    finding.known = match->record->title;
    finding.candidate = match->candidate;
    finding.outcome = match->is_same_work ? Outcome::agreed : Outcome::contradicted;
    finding.code = match->is_same_work ? "doi.same-work" : "doi.other-work";
    return finding;
  }
  if (evidence.doi == DoiStatus::unregistered) {
    finding.outcome = Outcome::contradicted;
    finding.code = "doi.unregistered";
  } else if (!evidence.doi_title.empty()) {
    finding.known = evidence.doi_title;
    const TitleMatch match = compare_titles(claim.title, title_text(evidence.doi_title)).match;
    if (match == TitleMatch::unknown) return finding;
    finding.outcome = match == TitleMatch::other ? Outcome::contradicted : Outcome::agreed;
    finding.code = match == TitleMatch::other ? "doi.other-work" : "doi.same-work";
  } else if (evidence.doi == DoiStatus::registered) {
    finding.code = "doi.registered";
  }
  return finding;
}

FieldFinding judge_arxiv_id(const Claim& said, std::span<const WorkMatch> all, const Evidence& evidence) {
  FieldFinding finding{
      ClaimField::arxiv_id, Outcome::not_compared, "arxiv-id.unknown", said.arxiv_id->str(), {}, {}};
  if (const WorkMatch* const match = led_to(all, &WorkMatch::by_arxiv_id)) {
    finding.known = match->record->title;
    finding.candidate = match->candidate;
    finding.outcome = match->is_same_work ? Outcome::agreed : Outcome::contradicted;
    finding.code = match->is_same_work ? "arxiv-id.same-work" : "arxiv-id.other-work";
  } else if (is_unknown_to_a_complete_source(evidence, Question::arxiv_id)) {
    finding.outcome = Outcome::contradicted;
    finding.code = "arxiv-id.unregistered";
  }
  return finding;
}

}  // namespace

std::vector<FieldFinding> judge_identifiers(const ClaimText& claim, std::span<const WorkMatch> all,
                                            const Evidence& evidence) {
  std::vector<FieldFinding> findings;
  const Claim& said = claim.claim;
  if (said.doi || !said.bad_doi.empty()) findings.push_back(judge_doi(claim, all, evidence));
  // An arXiv DOI says the id too: it is judged once.
  const bool is_said_by_doi =
      said.doi && said.doi->arxiv_id() && said.arxiv_id && same_paper(*said.doi->arxiv_id(), *said.arxiv_id);
  if (said.arxiv_id && !is_said_by_doi) findings.push_back(judge_arxiv_id(said, all, evidence));
  return findings;
}

}  // namespace bibsmith::bibtex
