#include "plugin/json/verify_answer.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

// A record that was found: who has it, and what it says.
json json_of(const Record& record, bibtex::Question found_by) {
  json out;
  out["source"] = record.origins.front().source;
  out["found_by"] = bibtex::name_of(found_by);
  out["title"] = record.title;
  out["authors"] = json::array();
  for (const Author& author : record.authors) out["authors"].push_back(author.name);
  const bool is_published = record.publication && record.publication->date.known();
  out["year"] = is_published ? record.publication->date.year : record.published.year;
  out["venue"] = record.publication ? record.publication->container : std::string();
  out["doi"] = record.dois.empty() ? json() : json(record.dois.front().str());
  out["arxiv_id"] = record.arxiv_id ? json(record.arxiv_id->base()) : json();
  return out;
}

json evidence_of(const VerifiedReference& reference) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  json evidence = json::array();
  const auto source_of = [&](const std::optional<std::size_t>& candidate) -> json {
    return candidate ? json(reference.found.records[*candidate].origins.front().source) : json();
  };
  for (const bibtex::VerdictReason& reason : verdict.reasons) {
    evidence.push_back(
        {{"code", reason.code}, {"detail", reason.detail}, {"source", source_of(reason.candidate)}});
  }
  for (const bibtex::FieldFinding& field : verdict.fields) {
    evidence.push_back({{"code", field.code},
                        {"field", bibtex::name_of(field.field)},
                        {"outcome", bibtex::name_of(field.outcome)},
                        {"said", field.said},
                        {"known", field.known},
                        {"source", source_of(field.candidate)}});
  }
  return evidence;
}

json json_of(const VerifiedReference& reference, const std::string& path) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  json out;
  out["key"] = reference.key;
  out["verdict"] = bibtex::name_of(verdict.kind);
  out["wrong_fields"] = json::array();
  for (const std::string_view name : verdict.wrong_fields()) out["wrong_fields"].push_back(name);
  out["accepted"] = reference.accepted.empty() ? json() : json(reference.accepted);
  out["evidence"] = evidence_of(reference);
  out["records"] = json::array();
  for (const std::size_t i : verdict.same_work) {
    out["records"].push_back(
        json_of(reference.found.records[i], reference.found.evidence.candidates[i].found_by));
  }
  out["notices"] = json::array();
  for (const bibtex::FoundNotice& notice : verdict.notices) {
    out["notices"].push_back({{"kind", name_of(notice.notice.kind)},
                              {"id", notice.notice.id},
                              {"source", reference.found.records[notice.candidate].origins.front().source}});
  }
  out["asked"] = json::array();
  for (const bibtex::SourceAnswer& answer : reference.found.evidence.answers) {
    out["asked"].push_back({{"source", answer.source},
                            {"question", bibtex::name_of(answer.question)},
                            {"status", bibtex::name_of(answer.status)},
                            {"detail", answer.detail}});
  }
  out["title"] = reference.title;
  out["file"] = path;
  out["line"] = reference.line;
  return out;
}

}  // namespace

JsonDocument json_of(const VerifyAnswer& answer) {
  json out;
  out["entries"] = json::array();
  for (const VerifiedFile& file : answer.files) {
    for (const VerifiedReference& reference : file.references) {
      out["entries"].push_back(json_of(reference, file.path));
    }
  }
  json counts;
  for (const bibtex::VerdictKind kind :
       {bibtex::VerdictKind::verified, bibtex::VerdictKind::wrong_fields,
        bibtex::VerdictKind::could_not_verify, bibtex::VerdictKind::does_not_exist}) {
    counts[std::string(bibtex::name_of(kind))] = answer.count(kind);
  }
  counts["accepted"] = answer.accepted();
  out["counts"] = std::move(counts);
  out["could_not_ask"] = answer.unasked;
  out["failed"] = json::array();
  for (const FileError& failure : answer.failures) out["failed"].push_back(failure.message);
  return JsonDocument(std::move(out));
}

}  // namespace bibsmith::plugin
