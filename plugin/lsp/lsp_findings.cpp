#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "bibtex/check/check.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::chrono::milliseconds findings_pause{200};
// Of a large bibliography even the syntax takes longer than a keystroke may.
constexpr std::chrono::milliseconds large_pause{2000};
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
  return code == "bibsmith.fetchable" || code == "bibsmith.duplicate" || code.starts_with("online.") ||
         code.starts_with("verify.");
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
  if (document.bib) {
    add_news(document, findings);
    add_verdicts(document, findings);
  }
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
  const bool is_large = document.bib->document().size() > checked_bytes_max;
  loop_.after(is_large ? large_pause : findings_pause, "check " + uri, [this, uri, version] {
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

}  // namespace bibsmith::plugin
