#include "plugin/json/answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "bibtex/write/write_entry.hpp"
#include "plugin/json/answer_parts.hpp"
#include "plugin/json/explain.hpp"
#include "plugin/json/match_answer.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

json fields_of(const bibtex::Entry& entry) {
  json fields = json::object();
  for (const bibtex::Field& field : entry.fields) {
    std::string value;
    for (const bibtex::Piece& piece : field.value.pieces) value += piece.text;
    fields[field.name] = value;
  }
  return fields;
}

json record_of(const Record& record) {
  json out;
  out["arxiv_id"] = record.arxiv_id ? json(record.arxiv_id->base()) : json();
  out["version"] = record.arxiv_id && record.arxiv_id->version() ? json(*record.arxiv_id->version()) : json();
  out["title"] = record.title;
  out["authors"] = json::array();
  for (const Author& author : record.authors) out["authors"].push_back(author.name);
  out["published"] = record.published.iso();
  out["updated"] = record.updated.iso();
  out["categories"] = record.categories;
  out["dois"] = json::array();
  for (const Doi& doi : record.dois) out["dois"].push_back(doi.str());
  out["journal_ref"] = record.journal_ref;
  out["comment"] = record.comment;
  return out;
}

}  // namespace

json entry_of(const CitedPaper& paper, bool explain) {
  const bibtex::Entry& entry = paper.normalized.entry;
  json out;
  out["asked"] = paper.asked;
  out["id"] = paper.id.str();
  out["key"] = entry.key;
  out["type"] = entry.type;
  out["fields"] = fields_of(entry);
  out["text"] = bibtex::write_entry(entry, {});
  out["record"] = record_of(*paper.record);
  out["findings"] = json::array();
  for (const auto& finding : paper.normalized.findings) {
    out["findings"].push_back({{"code", finding.code}, {"message", finding.message}});
  }
  const Origin& origin = paper.record->origin(RecordField::title);
  out["source"] = origin.source;
  out["retrieved"] = time_of(origin.retrieved);
  out["stale"] = paper.stale;
  out["published"] = paper.normalized.is_published;
  if (!explain) return out;
  out["explain"] = json::array();
  for (const Explanation& line : explain_fields(paper)) {
    out["explain"].push_back(
        {{"field", line.field}, {"rule", line.rule}, {"source", line.source}, {"retrieved", line.retrieved}});
  }
  return out;
}

namespace {

json entry_of(const PluginFetch::Found& found) {
  return {{"asked", found.id},
          {"id", found.id},
          {"key", found.entry.key},
          {"type", found.entry.type},
          {"fields", fields_of(found.entry)},
          {"text", bibtex::write_entry(found.entry, {})},
          {"findings", json::array()},
          {"source", "plugin:" + found.plugin}};
}

}  // namespace

json error_of(const FetchError& error) {
  json out{{"code", name_of(error.code)}, {"message", error.message}};
  if (error.http_status != 0) out["http_status"] = error.http_status;
  if (error.retry_after) out["retry_after_s"] = error.retry_after->count();
  return out;
}

void add_outcome(json& out, const std::vector<ArxivId>& not_found,
                 const std::vector<FetchResult::Failure>& failures, const std::vector<InvalidId>& invalid) {
  for (const char* list : {"not_found", "could_not_ask", "invalid"}) {
    if (!out.contains(list)) out[list] = json::array();
  }
  for (const ArxivId& id : not_found) out["not_found"].push_back(id.str());
  for (const FetchResult::Failure& failed : failures) {
    json failure = error_of(failed.error);
    failure["id"] = failed.id.str();
    // Where more than one source was asked, each with its own reason.
    for (const SourceError& one : failed.by_source) {
      json source = error_of(one.error);
      source["source"] = one.source;
      failure["sources"].push_back(source);
    }
    out["could_not_ask"].push_back(failure);
  }
  for (const InvalidId& one : invalid) {
    out["invalid"].push_back(
        {{"asked", one.asked}, {"message", one.error.message}, {"offset", one.error.offset}});
  }
}

namespace {

// What is the same in every command that fetches papers, plugins' too.
void add_outcome(json& out, const CiteAnswer& answer) {
  out["not_found"] = json::array();
  out["could_not_ask"] = json::array();
  for (const PluginFetch::Failure& failed : answer.of_plugins.failures) {
    json failure = error_of(failed.error);
    failure["id"] = failed.id;
    if (failed.error.code == FetchError::Code::bad_response)
      failure["code"] = "plugin";  // it was not the network
    out["could_not_ask"].push_back(std::move(failure));
  }
  add_outcome(out, answer.not_found, answer.failures, answer.invalid);
  for (const std::string& id : answer.of_plugins.not_found) out["not_found"].push_back(id);
}

}  // namespace

JsonDocument json_of(const CiteAnswer& answer, const std::string& format, bool explain) {
  json out{{"format", format}, {"entries", json::array()}};
  for (const CitedPaper& paper : answer.papers) out["entries"].push_back(entry_of(paper, explain));
  for (const PluginFetch::Found& one : answer.of_plugins.found) out["entries"].push_back(entry_of(one));
  add_outcome(out, answer);
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const AddAnswer& answer, const std::string& file) {
  json out{{"file", file}, {"changed", answer.changed}, {"added", json::array()}, {"present", json::array()}};
  for (const CitedPaper& paper : answer.cited.papers) out["added"].push_back(entry_of(paper));
  for (const PluginFetch::Found& one : answer.cited.of_plugins.found) out["added"].push_back(entry_of(one));
  for (const PresentPaper& paper : answer.present) {
    out["present"].push_back({{"id", paper.id.str()}, {"key", paper.key}, {"line", paper.line}});
  }
  for (const PresentPluginEntry& one : answer.present_of_plugins) {
    out["present"].push_back({{"id", one.id}, {"key", one.key}, {"line", one.line}});
  }
  out["possible_duplicates"] = json::array();
  for (const PossibleDuplicate& paper : answer.possible_duplicates) {
    out["possible_duplicates"].push_back({{"id", paper.id.str()}, {"key", paper.key}, {"line", paper.line}});
  }
  add_outcome(out, answer.cited);
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const ResolveAnswer& answer, const std::string& file) {
  const auto list = [](const std::vector<ResolvedKey>& keys) {
    json lines = json::array();
    for (const ResolvedKey& one : keys) {
      lines.push_back({{"asked", one.asked}, {"id", one.id}, {"key", one.key}});
    }
    return lines;
  };
  json out{{"file", file}, {"changed", answer.changed}};
  out["added"] = list(answer.added);
  out["renamed"] = list(answer.renamed);
  out["unresolved"] = json::array();
  for (const ResolvedKey& one : answer.unresolved) {
    out["unresolved"].push_back({{"asked", one.asked}, {"id", one.id}});
  }
  out["also_under"] = json::array();
  for (const AlsoUnder& one : answer.also_under) {
    out["also_under"].push_back({{"asked", one.asked}, {"key", one.key}, {"file", one.path}});
  }
  out["titles"] = json::array();
  for (const TitleKey& one : answer.titles) {
    json papers = json::array();
    const bool is_none = one.matched.status == bibtex::MatchStatus::none;
    for (const auto& choice : is_none ? one.matched.refused : one.matched.chosen) {
      papers.push_back({{"id", choice.record.arxiv_id ? json(choice.record.arxiv_id->base()) : json()},
                        {"title", choice.record.title}});
    }
    const auto status = one.has_spaces ? std::string_view("has_spaces") : status_of(one.matched);
    out["titles"].push_back({{"asked", one.asked}, {"status", status}, {"papers", std::move(papers)}});
  }
  out["not_locked"] = answer.not_locked;
  out["not_as_locked"] = answer.not_as_locked;
  out["not_lockable"] = answer.not_lockable;
  add_outcome(out, answer.cited);
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const SubsetAnswer& answer, const std::string& file) {
  return JsonDocument(json{
      {"file", file}, {"changed", answer.changed}, {"entries", answer.entries}, {"missing", answer.missing}});
}

JsonDocument json_of(const fetchers::SearchResult& result) {
  json out{{"total", result.total_results}, {"results", json::array()}};
  for (const Record& record : result.records) out["results"].push_back(record_of(record));
  out["error"] = result.error ? error_of(*result.error) : json();
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const fetchers::StoreStats& stats) {
  return JsonDocument(json{{"place", stats.place},
                           {"answers", stats.answers},
                           {"missing", stats.missing},
                           {"bytes", stats.bytes},
                           {"bytes_max", stats.bytes_max == 0 ? json() : json(stats.bytes_max)},
                           {"oldest", stats.answers == 0 ? json() : json(time_of(stats.oldest))}});
}

JsonDocument json_of(const std::vector<PluginListing>& plugins) {
  json out{{"plugins", json::array()}};
  for (const PluginListing& one : plugins) {
    const bool is_object = one.file.kind == PluginFile::Kind::shared_object;
    json plugin{{"name", one.file.name},
                {"file", one.file.path},
                {"kind", is_object ? "shared object" : "program"},
                {"problem", one.problem.empty() ? json() : json(one.problem)}};
    if (one.problem.empty()) {
      const PluginDescription& said = one.description;
      plugin["title"] = said.title;
      plugin["version"] = said.version;
      plugin["description"] = said.description;
      plugin["url"] = said.url;
      plugin["license"] = said.license;
      plugin["extensions"] = extensions_of(said);
      plugin["schemes"] = said.fetcher ? json(said.fetcher->schemes) : json::array();
      plugin["writes"] = said.exporter.empty() ? json() : json(said.exporter);
      plugin["reads"] = said.importer.empty() ? json() : json(said.importer);
    }
    out["plugins"].push_back(std::move(plugin));
  }
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const CheckAnswer& answer) {
  json out{{"files", json::array()}, {"failed", json::array()}};
  for (const CheckedFile& file : answer.files) {
    json one{{"file", file.path},
             {"dialect", file.dialect == bibtex::Dialect::biblatex ? "biblatex" : "bibtex"},
             {"findings", json::array()}};
    for (const PlacedFinding& finding : file.findings) {
      const bibtex::Diagnostic& diagnostic = finding.diagnostic;
      one["findings"].push_back({{"code", diagnostic.code},
                                 {"severity", bibtex::name_of(diagnostic.severity)},
                                 {"message", diagnostic.message},
                                 {"key", finding.key},
                                 {"line", finding.line},
                                 {"column", finding.column},
                                 {"end_line", finding.end_line},
                                 {"end_column", finding.end_column},
                                 {"offset", diagnostic.span.begin},
                                 {"length", diagnostic.span.size()}});
    }
    out["files"].push_back(std::move(one));
  }
  for (const FileError& failure : answer.failures) out["failed"].push_back(failure.message);
  out["errors"] = answer.count(bibtex::Severity::error);
  out["warnings"] = answer.count(bibtex::Severity::warning);
  out["notes"] = answer.count(bibtex::Severity::note);
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const std::vector<FormattedFile>& files, bool only_looked) {
  json out{{"written", !only_looked}, {"files", json::array()}};
  for (const FormattedFile& file : files) {
    out["files"].push_back(
        {{"file", file.path}, {"changed", file.answer.changes}, {"diff", file.answer.diff}});
  }
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const std::vector<UpdatedFile>& files, bool only_planned) {
  constexpr std::array statuses = {bibtex::UpdateStatus::published, bibtex::UpdateStatus::updated,
                                   bibtex::UpdateStatus::unchanged, bibtex::UpdateStatus::withdrawn,
                                   bibtex::UpdateStatus::not_found, bibtex::UpdateStatus::could_not_ask,
                                   bibtex::UpdateStatus::skipped};
  json out{{"written", !only_planned}, {"files", json::array()}};
  for (const UpdatedFile& file : files) {
    json one{{"file", file.path}, {"changed", only_planned ? file.stale : file.changed}};
    const bibtex::UpdateCounts counts = file.plan.counts();
    for (const bibtex::UpdateStatus status : statuses) {
      one["summary"][std::string(bibtex::name_of(status))] = counts[status];
    }
    one["entries"] = json::array();
    for (const bibtex::EntryUpdate& entry : file.plan.entries) {
      json update{{"key", entry.key},
                  {"id", entry.arxiv_id ? json(entry.arxiv_id->str()) : json()},
                  {"status", bibtex::name_of(entry.status)},
                  {"reason", entry.reason},
                  {"message", entry.message},
                  {"source", entry.source},
                  {"fields", json::array()},
                  {"findings", json::array()}};
      for (const bibtex::FieldUpdate& field : entry.fields) {
        update["fields"].push_back({{"name", field.name},
                                    {"old", field.old_text},
                                    {"new", field.new_text},
                                    {"reason", field.reason}});
      }
      for (const auto& finding : entry.findings) {
        update["findings"].push_back({{"code", finding.code}, {"message", finding.message}});
      }
      one["entries"].push_back(std::move(update));
    }
    one["diff"] = file.diff;
    out["files"].push_back(std::move(one));
  }
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const DedupeAnswer& answer, const std::string& file, bool merges) {
  json out{{"file", file}, {"written", answer.changed}, {"groups", json::array()}};
  for (const DedupedGroup& group : answer.groups) {
    json one{{"reason", bibtex::code_of(group.reason)},
             {"merged", group.is_merged},
             {"entries", json::array()},
             {"fields", json::array()},
             {"added", group.added},
             {"left", json::array()}};
    for (const DuplicateEntry& entry : group.entries)
      one["entries"].push_back({{"key", entry.key}, {"line", entry.line}, {"best", entry.is_best}});
    for (const bibtex::FieldDifference& field : group.differences)
      one["fields"].push_back({{"name", field.name}, {"values", field.values}});
    for (const bibtex::MergeConflict& conflict : group.conflicts)
      one["left"].push_back({{"code", conflict.code}, {"message", conflict.message}});
    out["groups"].push_back(std::move(one));
  }
  out["citations"] = json::object();
  for (const auto& [path, count] : answer.citations) out["citations"][path] = count;
  out["diff"] = merges ? answer.diff : "";
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const KeysAnswer& answer, const std::string& file, bool only_planned) {
  json out{{"file", file}, {"written", !only_planned}, {"renamed", json::array()}};
  for (const KeyChange& change : answer.changes) {
    out["renamed"].push_back({{"old", change.old_key}, {"new", change.new_key}});
  }
  out["unnamed"] = answer.unnamed;
  out["citations"] = json::object();
  for (const auto& [path, count] : answer.citations) out["citations"][path] = count;
  return JsonDocument(std::move(out));
}

namespace {

// A list of texts without repetition, in the order in which they come.
void add_once(json& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), json(text)) == list.end()) list.push_back(text);
}

json change_of(const RecordedChange& change) {
  json out{{"number", change.number},
           {"time", time_of(change.time)},
           {"command", change.command},
           {"entries", json::array()},
           {"sources", json::array()},
           {"undoes", change.undoes ? json(*change.undoes) : json()},
           {"undone_by", change.undone_by ? json(*change.undone_by) : json()},
           {"texts", json::array()}};
  for (const RecordedSpan& span : change.spans) {
    add_once(out["entries"], span.key);
    for (const std::string& source : sources_of(span)) add_once(out["sources"], source);
    out["texts"].push_back({{"key", span.key},
                            {"old_key", span.old_key},
                            {"field", span.field},
                            {"reason", span.reason},
                            {"source", span.source},
                            {"old", span.old_text},
                            {"new", span.new_text}});
  }
  return out;
}

}  // namespace

JsonDocument json_of(const UndoAnswer& answer, const std::string& file, bool only_planned) {
  const bool is_written = !only_planned && !answer.files.empty() && answer.conflicts.empty();
  json out{{"file", file}, {"written", is_written}, {"undone", json::array()}, {"conflicts", json::array()}};
  for (const UndoneFile& undone : answer.files) {
    out["undone"].push_back(
        {{"file", undone.path}, {"change", change_of(undone.change)}, {"diff", undone.diff}});
  }
  for (const UndoConflict& conflict : answer.conflicts) {
    out["conflicts"].push_back({{"file", conflict.path}, {"message", conflict.message}});
  }
  return JsonDocument(std::move(out));
}

JsonDocument json_of(const std::vector<HistoryLine>& lines, const std::string& file) {
  json out{{"file", file}, {"changes", json::array()}};
  for (const HistoryLine& line : lines) {
    json change = change_of(line.change);
    change["other_files"] = line.other_files;
    out["changes"].push_back(std::move(change));
  }
  return JsonDocument(std::move(out));
}

}  // namespace bibsmith::plugin
