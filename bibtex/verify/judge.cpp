#include "bibtex/verify/judge.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "bibtex/verify/field_findings.hpp"
#include "bibtex/verify/record_text.hpp"
#include "bibtex/verify/work_match.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;
using Status = SourceAnswer::Status;

// Kinds of which no index holds all, nor nearly all: that none of them has it says little.
bool is_covered(const Claim& claim) {
  constexpr std::array types = std::to_array<std::string_view>(
      {"book",         "mvbook",        "inbook",      "bookinbook",    "suppbook",    "booklet",
       "collection",   "mvcollection",  "proceedings", "mvproceedings", "manual",      "thesis",
       "phdthesis",    "mastersthesis", "report",      "techreport",    "online",      "www",
       "electronic",   "software",      "dataset",     "patent",        "standard",    "unpublished",
       "periodical",   "video",         "audio",       "image",         "artwork",     "legislation",
       "jurisdiction", "letter",        "movie",       "music",         "performance", "review"});
  return std::find(types.begin(), types.end(), claim.type) == types.end();
}

bool any_answer(const Evidence& evidence, Question question, Status status) {
  return std::any_of(evidence.answers.begin(), evidence.answers.end(), [&](const SourceAnswer& answer) {
    return answer.question == question && answer.status == status;
  });
}

std::string names_of_sources(const Evidence& evidence, Status status) {
  std::vector<std::string> names;
  for (const SourceAnswer& answer : evidence.answers) {
    if (answer.status == status && std::find(names.begin(), names.end(), answer.source) == names.end())
      names.push_back(answer.source);
  }
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void add(std::vector<FieldFinding>& to, std::vector<FieldFinding> findings) {
  std::move(findings.begin(), findings.end(), std::back_inserter(to));
}

std::vector<FieldFinding> findings_about(const ClaimText& claim, std::span<const WorkMatch> works,
                                         const Evidence& evidence, const JudgeOptions& options) {
  std::vector<FieldFinding> findings;
  if (!claim.claim.title.empty()) findings.push_back(judge_title(claim, works, evidence));
  std::vector<FieldFinding> others = judge_authors(claim, works);
  const FieldFinding venue = judge_venue(claim, works, others, evidence);
  if (!claim.venue.empty()) others.push_back(venue);
  add(findings, others);
  if (claim.claim.year != 0) findings.push_back(judge_year(claim, works, others, options));
  add(findings, judge_locators(claim, works, venue));
  return findings;
}

int gravity(NoticeKind kind) { return static_cast<int>(kind); }

std::vector<FoundNotice> notices_of(std::span<const WorkMatch> works) {
  std::vector<FoundNotice> notices;
  const auto add_notice = [&](Notice notice, std::size_t candidate) {
    const bool known = std::any_of(notices.begin(), notices.end(), [&](const FoundNotice& found) {
      return found.notice.kind == notice.kind;
    });
    if (!known) notices.push_back({std::move(notice), candidate});
  };
  for (const WorkMatch& work : works) {
    for (const Notice& notice : work.record->notices) add_notice(notice, work.candidate);
    if (work.says_retracted) add_notice({NoticeKind::retracted, {}}, work.candidate);
    const bool is_told = std::any_of(notices.begin(), notices.end(), [](const FoundNotice& found) {
      return found.notice.kind == NoticeKind::retracted || found.notice.kind == NoticeKind::withdrawn;
    });
    if (!is_told && is_withdrawn(*work.record)) add_notice({NoticeKind::withdrawn, {}}, work.candidate);
  }
  std::stable_sort(notices.begin(), notices.end(), [](const FoundNotice& a, const FoundNotice& b) {
    return gravity(a.notice.kind) < gravity(b.notice.kind);
  });
  return notices;
}

// What speaks against there being such a work: the identifiers and the year are looked at here.
std::vector<VerdictReason> hard_evidence(const ClaimText& claim, const std::vector<FieldFinding>& findings,
                                         const JudgeOptions& options) {
  std::vector<VerdictReason> reasons;
  for (const FieldFinding& finding : findings) {
    if (finding.outcome != Outcome::contradicted || finding.code == "doi.malformed") continue;
    reasons.push_back({finding.code,
                       finding.known.empty() ? finding.said : finding.said + " is \"" + finding.known + "\"",
                       finding.candidate});
  }
  if (options.this_year > 0 && claim.claim.year > options.this_year + 1)
    reasons.push_back({"year.future", std::to_string(claim.claim.year), {}});
  return reasons;
}

// No record is this work.
void judge_absence(const ClaimText& claim, const Evidence& evidence, const JudgeOptions& options,
                   Verdict& verdict) {
  std::vector<VerdictReason> against = hard_evidence(claim, verdict.fields, options);
  const bool was_asked = any_answer(evidence, Question::title, Status::has_none) ||
                         any_answer(evidence, Question::title, Status::found);
  const bool is_complete =
      std::any_of(evidence.answers.begin(), evidence.answers.end(), [](const SourceAnswer& answer) {
        return answer.question == Question::title && answer.is_complete && answer.status == Status::has_none;
      });
  const std::string silent = names_of_sources(evidence, Status::could_not_ask);
  if (is_complete)
    against.push_back({"title.unregistered", names_of_sources(evidence, Status::has_none), {}});
  verdict.reasons = std::move(against);
  if (!silent.empty()) verdict.reasons.push_back({"source.could-not-ask", silent, {}});
  if (!is_covered(claim.claim)) verdict.reasons.push_back({"kind.not-covered", claim.claim.type, {}});
  const bool has_proof = !verdict.reasons.empty() && silent.empty() && was_asked && is_covered(claim.claim);
  if (has_proof) {
    verdict.kind = VerdictKind::does_not_exist;
  } else if (was_asked) {
    verdict.reasons.push_back({"work.not-found", names_of_sources(evidence, Status::has_none), {}});
  } else if (verdict.reasons.empty()) {
    verdict.reasons.push_back({"work.not-asked", {}, {}});
  }
}

bool was_compared(const std::vector<FieldFinding>& findings, ClaimField field) {
  return std::any_of(findings.begin(), findings.end(), [&](const FieldFinding& finding) {
    return finding.field == field && finding.outcome != Outcome::not_compared;
  });
}

bool has_code(const std::vector<FieldFinding>& findings, std::string_view code) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const FieldFinding& finding) { return finding.code == code; });
}

// What keeps a work that was found from being verified; "": nothing. All that is known is that it is there.
std::string_view open_question(const ClaimText& claim, std::span<const WorkMatch> works,
                               const std::vector<FieldFinding>& findings) {
  // A title alone verifies nobody's authorship.
  if (!claim.claim.authors.empty() && !was_compared(findings, ClaimField::author)) return "author.unknown";
  // Nor does an identifier whose title cannot be compared with what is meant.
  if (!was_compared(findings, ClaimField::title)) return "title.unknown";
  if (has_code(findings, "venue.perhaps-other-form")) return "venue.perhaps-other-form";
  const bool only_preprints =
      std::all_of(works.begin(), works.end(), [](const WorkMatch& work) { return work.is_preprint; });
  const bool venue_was_compared = was_compared(findings, ClaimField::venue);
  // No source has it anywhere but on a preprint server.
  if (!claim.venue.empty() && !claim.venue.is_preprint_server && only_preprints && !venue_was_compared)
    return "venue.preprint";
  // Nothing confirms when nor where it came out.
  if (!claim.venue.empty() && !venue_was_compared && has_code(findings, "year.off-by-one"))
    return "year.off-by-one";
  return {};
}

void judge_presence(const ClaimText& claim, std::span<const WorkMatch> works, Verdict& verdict) {
  const std::vector<std::string_view> wrong = verdict.wrong_fields();
  const std::size_t best = verdict.same_work.front();
  if (!wrong.empty()) {
    verdict.kind = VerdictKind::wrong_fields;
    for (const FieldFinding& finding : verdict.fields) {
      if (finding.outcome == Outcome::contradicted)
        verdict.reasons.push_back({finding.code, finding.known, finding.candidate});
    }
    return;
  }
  if (const std::string_view question = open_question(claim, works, verdict.fields); !question.empty()) {
    verdict.reasons.push_back({question, {}, best});
    return;
  }
  verdict.kind = VerdictKind::verified;
  verdict.reasons.push_back({"work.found", {}, best});
}

}  // namespace

Verdict judge(const Claim& claim, const Evidence& evidence, const JudgeOptions& options) {
  Verdict verdict;
  const ClaimText text(claim);
  const std::vector<WorkMatch> all = match_works(text, evidence);
  const auto end =
      std::find_if(all.begin(), all.end(), [](const WorkMatch& match) { return !match.is_same_work; });
  const std::span<const WorkMatch> works(all.begin(), end);
  if (!works.empty()) verdict.fields = findings_about(text, works, evidence, options);
  add(verdict.fields, judge_identifiers(text, all, evidence));
  for (const WorkMatch& work : works) verdict.same_work.push_back(work.candidate);
  if (works.empty()) {
    judge_absence(text, evidence, options, verdict);
    return verdict;
  }
  verdict.notices = notices_of(works);
  judge_presence(text, works, verdict);
  return verdict;
}

}  // namespace bibsmith::bibtex
