#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "bibtex/check/check.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::chrono::milliseconds findings_pause{200};
constexpr std::chrono::milliseconds news_pause{1000};
constexpr std::uint32_t checked_bytes_max = 8u << 20;  // of a larger bibliography the syntax alone is told
constexpr std::size_t findings_max = 1000;             // of one document

// LSP 3.17, "DiagnosticSeverity"
int severity_of(bibtex::Severity severity) {
  switch (severity) {
    case bibtex::Severity::error:
      return 1;
    case bibtex::Severity::warning:
      return 2;
    case bibtex::Severity::note:
      break;
  }
  return 3;
}

std::vector<DocumentFinding> findings_from(const std::vector<bibtex::Diagnostic>& diagnostics) {
  std::vector<DocumentFinding> findings;
  for (const bibtex::Diagnostic& one : diagnostics) {
    if (findings.size() == findings_max) break;
    findings.push_back({std::string(one.code), one.severity, one.span, one.message, {}});
  }
  return findings;
}

// What a server beside this one, which knows of keys and syntax, does not tell.
bool is_told_beside_peers(std::string_view code) {
  return code == "bibsmith.fetchable" || code == "bibsmith.duplicate" || code.starts_with("online.");
}

}  // namespace

void LspServer::schedule_findings() {
  loop_.after(findings_pause, "findings", [this] { publish_findings(); });
}

void LspServer::publish_findings() {
  if (client_.pulls_diagnostics) {
    if (client_.refreshes_diagnostics) request("workspace/diagnostic/refresh", json(), {});
    return;
  }
  for (const auto& [uri, document] : workspace_.documents()) publish(*document, findings_of(*document));
}

void LspServer::publish(const OpenDocument& document, const json& findings) {
  notify("textDocument/publishDiagnostics",
         {{"uri", document.uri}, {"version", document.version}, {"diagnostics", findings}});
}

LspServer::json LspServer::findings_of(const OpenDocument& document) {
  json list = json::array();
  if (!settings_.has_diagnostics) return list;
  std::vector<DocumentFinding> findings;
  if (document.source) {
    findings = citation_findings(workspace_, document);
  } else if (const auto known = checked_.find(document.uri);
             known != checked_.end() && checked_version_[document.uri] == document.version) {
    findings = known->second;
  }
  if (document.bib) add_news(document, findings);
  const bool has_peer = leaves_to_peer(document, "diagnostics");
  for (const DocumentFinding& finding : findings) {
    if (has_peer && !is_told_beside_peers(finding.code)) continue;
    json one{{"range", range_of(document.lines(), finding.span)},
             {"severity", severity_of(finding.severity)},
             {"code", finding.code},
             {"source", "bibsmith"},
             {"message", finding.message}};
    if (finding.fetchable) one["data"] = {{"id", finding.fetchable->str()}};
    list.push_back(std::move(one));
  }
  return list;
}

// Checks the text of a bibliography away from the loop; what comes too late for its version is dropped.
void LspServer::check_later(const OpenDocument& document) {
  const std::string uri = document.uri;
  const std::int64_t version = document.version;
  loop_.after(findings_pause, "check " + uri, [this, uri, version] {
    const OpenDocument* current = workspace_.find(uri);
    if (current == nullptr || current->version != version) return;
    const auto keep = [this, uri, version](std::vector<DocumentFinding> findings) {
      const OpenDocument* still = workspace_.find(uri);
      if (still == nullptr || still->version != version) return;
      checked_[uri] = std::move(findings);
      checked_version_[uri] = version;
      if (client_.pulls_diagnostics) return publish_findings();
      publish(*still, findings_of(*still));
    };
    if (current->bib->document().size() > checked_bytes_max) {
      return keep(findings_from(current->bib->document().diagnostics()));
    }
    jobs_.start([this, keep, text = current->bib->text()](Session&, const std::stop_token&) {
      const bibtex::Document parsed = bibtex::Document::parse(text);
      auto findings = findings_from(bibtex::check(parsed));
      std::ranges::move(duplicate_findings(parsed), std::back_inserter(findings));
      loop_.post([keep, findings = std::move(findings)] { keep(findings); });
    });
  });
}

void LspServer::learn_later(const OpenDocument& document) {
  const std::string uri = document.uri;
  loop_.after(news_pause, "news " + uri, [this, uri] {
    const OpenDocument* current = workspace_.find(uri);
    if (current == nullptr || !current->bib || current->bib->document().size() > checked_bytes_max) return;
    jobs_.start([this, uri, path = current->path, text = current->bib->text()](Session& session,
                                                                               const std::stop_token& stop) {
      Settings settings = session.settings();
      settings.offline = true;
      Session offline(std::move(settings), [](std::string_view) {});
      auto news = entry_news(offline, path, text, stop);
      loop_.post([this, uri, news = std::move(news)] { keep_news(uri, news); });
    });
  });
}

void LspServer::keep_news(const std::string& uri, std::vector<EntryNews> news) {
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr) return;
  news_[uri] = std::move(news);
  if (client_.refreshes_lenses) request("workspace/codeLens/refresh", json(), {});
  if (client_.pulls_diagnostics) return publish_findings();
  publish(*document, findings_of(*document));
}

// Entries are told by their keys: where they stand changes with each edit.
void LspServer::add_news(const OpenDocument& document, std::vector<DocumentFinding>& findings) const {
  const auto news = news_.find(document.uri);
  if (news == news_.end()) return;
  for (const EntryNews& one : news->second) {
    if (one.findings.empty()) continue;
    const auto entry = document.bib->find(one.key);
    if (!entry) continue;
    for (const bibtex::Diagnostic& finding : one.findings) {
      if (findings.size() >= findings_max) return;
      findings.push_back(
          {std::string(finding.code), finding.severity, entry->whole(entry->block.key), finding.message, {}});
    }
  }
}

LspServer::json LspServer::code_lenses(const OpenDocument& document) {
  json lenses = json::array();
  if (!document.bib) return lenses;
  const auto add = [&](bibtex::Span span, const std::string& title, json command) {
    command["title"] = title;
    lenses.push_back({{"range", range_of(document.lines(), span)}, {"command", std::move(command)}});
  };
  const json update{{"title", ""}, {"command", "bibsmith.updateFile"}};
  json whole = update;
  whole["arguments"] = {{{"uri", document.uri}}};
  add({0, 0}, "Update from arXiv", std::move(whole));
  const auto news = news_.find(document.uri);
  if (news == news_.end()) return lenses;
  for (const EntryNews& one : news->second) {
    if (one.label.empty() || lenses.size() >= findings_max) continue;
    const auto entry = document.bib->find(one.key);
    if (!entry) continue;
    const std::uint32_t begin = entry->whole(entry->block.span).begin;
    json command{{"title", ""}, {"command", ""}};  // nothing to do but read
    if (one.label.starts_with("published")) {
      command = update;
      command["arguments"] = {{{"uri", document.uri}, {"only", {one.key}}, {"preview", true}}};
    }
    add({begin, begin}, one.label, std::move(command));
  }
  return lenses;
}

void LspServer::add_fixes(const OpenDocument& document, const BibEntry& entry, json& actions) const {
  const bibtex::Span place = entry.whole(entry.block.key);
  const auto checked = checked_.find(document.uri);
  if (checked != checked_.end() && checked_version_.at(document.uri) == document.version) {
    for (const DocumentFinding& finding : checked->second) {
      if (finding.code != "bibsmith.duplicate" || finding.span != place) continue;
      const std::string title = "Merge " + std::string(entry.key()) + ": it is " + finding.message;
      actions.push_back({{"title", title},
                         {"kind", "quickfix"},
                         {"command",
                          {{"title", title},
                           {"command", "bibsmith.mergeDuplicates"},
                           {"arguments", {{{"uri", document.uri}, {"only", {std::string(entry.key())}}}}}}}});
    }
  }
  const auto news = news_.find(document.uri);
  if (news == news_.end()) return;
  for (const EntryNews& one : news->second) {
    if (one.key != entry.key()) continue;
    const auto edit = pin_version(entry, one.newest_version);
    if (!edit) return;
    actions.push_back(
        {{"title", "Cite v" + std::to_string(one.newest_version) + " of the paper"},
         {"kind", "quickfix"},
         {"edit", workspace_edit({{{document.path, edit->span, document.bib.get()}, edit->new_text}})}});
  }
}

// Entries that are one paper become one, and what cited the others cites it.
void LspServer::merge_duplicates(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr || !document->bib) {
    return respond(
        id, tl::unexpected(RpcError{RpcCode::invalid_params, "'uri' must be an open bibliography", {}}));
  }
  DedupeRequest request;
  request.merge = true;
  for (const json& key : arguments.value("only", json::array())) request.only.insert(key.get<std::string>());
  for (const Source& source : workspace_.sources()) request.tex.push_back(source.path);
  jobs_.start([this, id, arguments, request, uri, version = document->version, text = document->bib->text()](
                  Session&, const std::stop_token&) {
    auto plan = std::make_shared<const PlannedDedupe>(plan_dedupe(bibtex::Document::parse(text), request));
    loop_.post([this, id, arguments, uri, version, plan] {
      const OpenDocument* still = workspace_.find(uri);
      if (still == nullptr) return respond(id, json{{"ok", false}, {"errors", {"the document was closed"}}});
      if (still->version != version) return merge_duplicates(id, arguments);  // typed meanwhile
      json result{{"ok", true},
                  {"file", still->path},
                  {"changed", json::array()},
                  {"skipped", json::array()},
                  {"errors", json::array()}};
      for (const DedupedGroup& group : plan->answer.groups) {
        for (const DuplicateEntry& entry : group.entries) {
          if (entry.is_best) result[group.is_merged ? "changed" : "skipped"].push_back(entry.key);
        }
        for (const bibtex::MergeConflict& conflict : group.conflicts)
          result["errors"].push_back(conflict.message);
      }
      result["ok"] = result["errors"].empty();
      std::vector<FileEdit> edits;
      for (const LabelledEdit& one : plan->edits)
        edits.push_back({{still->path, one.edit.span, still->bib.get()}, one.edit.new_text});
      const std::vector<Source> sources = workspace_.sources();
      for (const Source& source : sources) {
        for (const LabelledEdit& one :
             edits_of_citations(source.text->text(), source.text->citations(), plan->new_keys))
          edits.push_back({{source.path, one.edit.span, source.text}, one.edit.new_text});
      }
      if (edits.empty()) return respond(id, result);
      apply(id, "bibsmith: merge duplicates", workspace_edit(edits), std::move(result));
    });
  });
}

LspServer::json LspServer::rename_named_files(const json& parameters) const {
  std::vector<FileRename> renames;
  for (const json& file : parameters.at("files")) {
    renames.push_back({path_of_uri(file.at("oldUri").get<std::string>()),
                       path_of_uri(file.at("newUri").get<std::string>())});
  }
  std::erase_if(renames, [](const FileRename& one) { return one.from.empty() || one.to.empty(); });
  if (renames.empty()) return json();
  const std::vector<Source> sources = workspace_.sources();
  const auto edits = rename_files(renames, workspace_.folders(), sources);
  return edits.empty() ? json() : workspace_edit(edits);
}

}  // namespace bibsmith::plugin
