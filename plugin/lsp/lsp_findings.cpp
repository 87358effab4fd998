#include <algorithm>

#include <nlohmann/json.hpp>

#include "bibtex/check/check.hpp"
#include "plugin/lsp/lsp_server.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::chrono::milliseconds findings_pause{200};
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
  const bool has_peer = leaves_to_peer(document, "diagnostics");
  for (const DocumentFinding& finding : findings) {
    // A peer tells of unknown keys and of syntax.
    if (has_peer && finding.code != "bibsmith.fetchable") continue;
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
      auto findings = findings_from(bibtex::check(bibtex::Document::parse(text)));
      loop_.post([keep, findings = std::move(findings)] { keep(findings); });
    });
  });
}

LspServer::json LspServer::code_lenses(const OpenDocument& document) {
  json lenses = json::array();
  if (!document.bib) return lenses;
  // One for the whole file: what an update would bring is known when it is asked for.
  lenses.push_back({{"range", range_of(document.lines(), {0, 0})},
                    {"command",
                     {{"title", "Update from arXiv"},
                      {"command", "bibsmith.updateFile"},
                      {"arguments", {{{"uri", document.uri}}}}}}});
  return lenses;
}

}  // namespace bibsmith::plugin
