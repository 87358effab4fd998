#include <algorithm>

#include "bibtex/verify/field_findings.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

// So many names are quoted, and so many findings made, of one list.
constexpr std::size_t quoted_max = 8;

std::string text_of(const Name& name) {
  if (name.is_literal()) return name.literal;
  std::string out;
  for (const std::string* part : {&name.given, &name.prefix, &name.family, &name.suffix}) {
    if (part->empty()) continue;
    if (!out.empty()) out += ' ';
    out += *part;
  }
  return out;
}

template <typename Names, typename Text>
std::string quoted(const Names& names, Text text) {
  std::string out;
  std::size_t count = 0;
  for (const auto& name : names) {
    if (count == quoted_max) {
      out += " and " + std::to_string(names.size() - count) + " more";
      break;
    }
    if (count++ > 0) out += ", ";
    out += text(name);
  }
  return out;
}

std::string said_authors(const Claim& claim) {
  return quoted(claim.authors, text_of) + (claim.others ? ", and others" : "");
}

std::string known_authors(const Record& record) {
  return quoted(record.authors, [](const Author& author) { return author.name; });
}

std::string_view code_of(AuthorsMatch match) {
  switch (match) {
    case AuthorsMatch::unknown:
      return "author.unknown";
    case AuthorsMatch::same:
      return "author.same";
    case AuthorsMatch::others:
      return "author.others";
    case AuthorsMatch::record_cut:
      return "author.record-cut";
    case AuthorsMatch::record_sorted:
      return "author.record-sorted";
    case AuthorsMatch::misspelt:
      return "author.misspelt";
    case AuthorsMatch::order:
      return "author.order";
    case AuthorsMatch::cut:
      return "author.list-cut";
    case AuthorsMatch::missing:
      return "author.missing";
    case AuthorsMatch::extra:
      return "author.extra";
    case AuthorsMatch::other:
      return "author.other";
  }
  return {};
}

bool are_known(const WorkMatch& work) { return work.authors.match != AuthorsMatch::unknown; }

// A record whose list is right as far as it goes, and ends before the others' lists do.
bool is_shorter_than_others(const WorkMatch& work, std::span<const WorkMatch> works) {
  return std::any_of(works.begin(), works.end(), [&](const WorkMatch& other) {
    return are_known(other) && other.authors.known > work.authors.known &&
           other.authors.match == AuthorsMatch::cut && !other.is_preprint;
  });
}

// The record whose list tells most: one that agrees name by name, else one that can contradict, else any.
const WorkMatch* deciding(std::span<const WorkMatch> works, bool claim_is_preprint) {
  const WorkMatch* best = nullptr;
  const auto worth = [&](const WorkMatch& work) {
    switch (work.authors.match) {
      case AuthorsMatch::same:
      case AuthorsMatch::others:
        // The preprint had fewer authors, perhaps, or an index kept the first of them.
        return is_shorter_than_others(work, works) && !(claim_is_preprint && work.is_preprint) ? 1 : 5;
      case AuthorsMatch::misspelt:
        return 4;
      case AuthorsMatch::cut:
      case AuthorsMatch::order:
      case AuthorsMatch::missing:
      case AuthorsMatch::extra:
        return 3;
      case AuthorsMatch::other:
        return 2;
      case AuthorsMatch::record_cut:
      case AuthorsMatch::record_sorted:
        return 1;
      case AuthorsMatch::unknown:
        return 0;
    }
    return 0;
  };
  for (const WorkMatch& work : works) {
    if (best == nullptr || worth(work) > worth(*best)) best = &work;
  }
  return best;
}

// Name by name, where lists of about the same people differ.
void add_names(std::vector<FieldFinding>& findings, const ClaimText& claim, const WorkMatch& work) {
  const AuthorsComparison& found = work.authors;
  const bool few = found.wrong.size() + found.missing.size() <= quoted_max && found.shared > 0;
  if (!few) return;
  for (const std::size_t i : found.wrong) {
    if (i >= claim.claim.authors.size()) continue;
    findings.push_back({ClaimField::author,
                        Outcome::contradicted,
                        "author.not-in-record",
                        text_of(claim.claim.authors[i]),
                        {},
                        work.candidate});
  }
  for (const std::size_t j : found.missing) {
    if (j >= work.record->authors.size()) continue;
    findings.push_back({ClaimField::author,
                        Outcome::contradicted,
                        "author.left-out",
                        {},
                        work.record->authors[j].name,
                        work.candidate});
  }
}

}  // namespace

std::vector<FieldFinding> judge_authors(const ClaimText& claim, std::span<const WorkMatch> works) {
  std::vector<FieldFinding> findings;
  if (claim.claim.authors.empty()) return findings;
  const WorkMatch& work = *deciding(works, claim.claim.is_preprint);
  FieldFinding finding{ClaimField::author,        Outcome::not_compared,       code_of(work.authors.match),
                       said_authors(claim.claim), known_authors(*work.record), work.candidate};
  if (work.authors.agree()) finding.outcome = Outcome::agreed;
  if (work.authors.match > AuthorsMatch::record_sorted) finding.outcome = Outcome::contradicted;
  findings.push_back(finding);
  if (finding.outcome == Outcome::contradicted) add_names(findings, claim, work);
  return findings;
}

}  // namespace bibsmith::bibtex
