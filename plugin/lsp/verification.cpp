#include "plugin/lsp/verification.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "bibtex/model/dialect.hpp"
#include "bibtex/normalize/normalizer.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::ClaimField;
using bibtex::VerdictKind;

// The fields that say it, the one that counts first.
std::vector<std::string_view> fields_of(ClaimField field) {
  switch (field) {
    case ClaimField::title:
      return {"title"};
    case ClaimField::author:
      return {"author", "editor"};
    case ClaimField::venue:
      return {"journaltitle", "journal", "booktitle", "eventtitle", "howpublished"};
    case ClaimField::year:
      return {"date", "year"};
    case ClaimField::volume:
      return {"volume"};
    case ClaimField::number:
      return {"number", "issue"};
    case ClaimField::pages:
      return {"pages", "eid"};
    case ClaimField::doi:
      return {"doi", "url"};
    case ClaimField::arxiv_id:
      return {"eprint", "url"};
  }
  return {};
}

bibtex::Severity severity_of(VerdictKind kind) {
  if (kind == VerdictKind::does_not_exist) return bibtex::Severity::error;
  return kind == VerdictKind::wrong_fields ? bibtex::Severity::warning : bibtex::Severity::note;
}

std::string message_of(const bibtex::FieldFinding& finding, std::string_view source) {
  std::string text(bibtex::name_of(finding.field));
  text += " '" + finding.said + '\'';
  if (finding.known.empty()) return text + " is contradicted";
  return text + ", but it is '" + finding.known + '\'' +
         (source.empty() ? "" : " (" + std::string(source) + ')');
}

std::string source_of(const VerifiedReference& reference, std::optional<std::size_t> candidate) {
  const auto& candidates = reference.found.evidence.candidates;
  if (!candidate || *candidate >= candidates.size()) return {};
  const Record& record = *candidates[*candidate].record;
  return record.origins.empty() ? std::string() : record.origins.front().source;
}

// The wrong fields of an entry, as the best record has them. Fields that the record does not have stay.
void add_change(const VerifiedReference& reference, const bibtex::Document& document,
                const bibtex::Block& block, EntryVerdict& out) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  if (verdict.kind != VerdictKind::wrong_fields || verdict.same_work.empty()) return;
  const std::size_t best = verdict.same_work.front();
  const Record& record = *reference.found.evidence.candidates[best].record;
  bibtex::NormalizeOptions options;
  options.dialect = bibtex::measure_dialect(document);
  options.encoding = bibtex::measure_encoding(document, options.dialect);
  options.citation_key = out.key;
  const bibtex::Entry wanted = bibtex::normalize(record, options).entry;
  for (const bibtex::FieldFinding& finding : verdict.fields) {
    if (finding.outcome != bibtex::FieldFinding::Outcome::contradicted) continue;
    const std::vector<std::string_view> names = fields_of(finding.field);
    const auto is_there = [&](std::string_view name) { return document.find_field(block, name).has_value(); };
    const auto place = std::ranges::find_if(names, is_there);
    if (place == names.end()) continue;
    const bibtex::Field* known = wanted.find(*place);
    for (const std::string_view name : names) {
      // "url" and the like say more than one thing.
      if (known == nullptr && name != "url" && name != "howpublished") known = wanted.find(name);
    }
    const bool is_set =
        std::ranges::any_of(out.change.fields, [&](const auto& one) { return one.name == *place; });
    if (known == nullptr || is_set || *place == "url") continue;
    out.change.fields.push_back({std::string(*place), known->value});
  }
  if (!out.change.fields.empty()) out.source = source_of(reference, best);
}

void add_findings(const VerifiedReference& reference, EntryVerdict& out) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  const bibtex::Severity severity = severity_of(verdict.kind);
  if (verdict.kind == VerdictKind::wrong_fields) {
    for (const bibtex::FieldFinding& finding : verdict.fields) {
      if (finding.outcome != bibtex::FieldFinding::Outcome::contradicted) continue;
      out.findings.push_back({"verify." + std::string(finding.code), severity,
                              message_of(finding, source_of(reference, finding.candidate)),
                              fields_of(finding.field)});
    }
  } else if (verdict.kind != VerdictKind::verified && !reference.was_not_asked()) {
    const bibtex::VerdictReason& reason = verdict.reasons.front();
    out.findings.push_back({"verify." + std::string(bibtex::name_of(verdict.kind)),
                            severity,
                            in_words(verdict) + (reason.detail.empty() ? "" : ": " + reason.detail),
                            {}});
  }
}

}  // namespace

std::size_t hash_of_entry(const bibtex::Document& document, const bibtex::Block& entry) {
  return std::hash<std::string_view>{}(document.text(entry.span));
}

std::vector<EntryVerdict> verdicts_of(const VerifyAnswer& answer, const bibtex::Document& document,
                                      const Acceptances& accepted) {
  std::vector<EntryVerdict> all;
  for (const VerifiedFile& file : answer.files) {
    for (const VerifiedReference& reference : file.references) {
      const auto block = document.find(reference.key);
      if (!block) continue;
      EntryVerdict one;
      one.key = reference.key;
      one.text_hash = hash_of_entry(document, *block);
      const auto known = accepted.find(reference.key);
      const bool is_accepted = known != accepted.end() && covers(known->second, reference.found.verdict);
      if (reference.is_open() && !is_accepted) {
        add_findings(reference, one);
        add_change(reference, document, *block, one);
        one.acceptance.what = to_accept(reference.found.verdict);
      }
      for (const bibtex::FoundNotice& found : reference.found.verdict.notices) {
        const std::string name(name_of(found.notice.kind));
        one.findings.push_back({"verify.notice",
                                bibtex::Severity::warning,
                                name + (found.notice.id.empty() ? "" : ", see " + found.notice.id),
                                {}});
      }
      if (!one.findings.empty()) all.push_back(std::move(one));
    }
  }
  return all;
}

}  // namespace bibsmith::plugin
