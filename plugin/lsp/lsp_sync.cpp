#include <nlohmann/json.hpp>

#include "plugin/lsp/lsp_server.hpp"
#include "plugin/lsp/uri.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t large_text_bytes = 1 << 20;

}  // namespace

void LspServer::did_open(json& parameters) {
  json& item = parameters.at("textDocument");
  auto text = std::move(item.at("text").get_ref<std::string&>());
  if (text.size() > large_text_bytes) is_memory_loose_ = true;
  OpenDocument& document =
      workspace_.open(item.at("uri").get<std::string>(), item.at("languageId").get<std::string>(),
                      item.at("version").get<std::int64_t>(), std::move(text));
  if (document.bib) learn_later(document);
  documents_changed(&document);
}

void LspServer::did_change(const json& parameters) {
  const json& item = parameters.at("textDocument");
  OpenDocument* document = workspace_.find(item.at("uri").get<std::string>());
  if (document == nullptr) return;
  for (const json& change : parameters.at("contentChanges")) {
    const std::string text = change.at("text").get<std::string>();
    if (change.contains("range") && !change["range"].is_null()) {
      document->replace(span_of(document->lines(), change["range"]), text);
    } else {
      const auto size = static_cast<std::uint32_t>(document->bib ? document->bib->document().size()
                                                                 : document->source->text().size());
      document->replace({0, size}, text);
    }
  }
  if (item.contains("version") && item["version"].is_number_integer()) {
    document->version = item["version"].get<std::int64_t>();
  }
  constexpr std::uint32_t learned_while_typing_max = 1u << 20;
  if (document->bib && document->bib->document().size() <= learned_while_typing_max) learn_later(*document);
  documents_changed(document);
}

void LspServer::did_close(const json& parameters) {
  const std::string uri = parameters.at("textDocument").at("uri").get<std::string>();
  if (const OpenDocument* document = workspace_.find(uri); document != nullptr && document->bib) {
    is_memory_loose_ = is_memory_loose_ || document->bib->document().size() > large_text_bytes;
  }
  workspace_.close(uri);
  checked_.erase(uri);
  checked_version_.erase(uri);
  news_.erase(uri);
  verdicts_.erase(uri);
  if (!client_.pulls_diagnostics) {
    notify("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", json::array()}});
  }
  documents_changed(nullptr);
}

void LspServer::did_change_files(const json& parameters) {
  for (const json& change : parameters.at("changes")) {
    workspace_.forget(path_of_uri(change.at("uri").get<std::string>()));
  }
  schedule_findings();
}

void LspServer::documents_changed(const OpenDocument* document) {
  if (document != nullptr && document->bib) check_later(*document);
  schedule_findings();
}

OpenDocument* LspServer::document_of(const json& parameters) {
  return workspace_.find(parameters.at("textDocument").at("uri").get<std::string>());
}

LspServer::json LspServer::range_of(const LineText& lines, bibtex::Span span) const {
  const bibtex::Position begin = lines.position(span.begin, unit_);
  const bibtex::Position end = lines.position(span.end, unit_);
  return {{"start", {{"line", begin.line}, {"character", begin.column}}},
          {"end", {{"line", end.line}, {"character", end.column}}}};
}

namespace {

bibtex::Position position_of(const nlohmann::ordered_json& position) {
  return {position.at("line").get<std::uint32_t>(), position.at("character").get<std::uint32_t>()};
}

}  // namespace

bibtex::Span LspServer::span_of(const LineText& lines, const json& range) const {
  const std::uint32_t begin = lines.offset(position_of(range.at("start")), unit_);
  const std::uint32_t end = lines.offset(position_of(range.at("end")), unit_);
  return {std::min(begin, end), std::max(begin, end)};
}

std::uint32_t LspServer::offset_of(const OpenDocument& document, const json& parameters) const {
  return document.lines().offset(position_of(parameters.at("position")), unit_);
}

bool LspServer::leaves_to_peer(const OpenDocument& document, std::string_view feature) const {
  if (document.language != Language::latex && document.language != Language::bibtex) return false;
  if (settings_.peers.contains("texlab")) {
    return feature != "hover" && feature != "links" && feature != "symbols-of-workspace";
  }
  if (settings_.peers.contains("digestif")) {
    return feature == "definition" || feature == "references" || feature == "hover" || feature == "symbols";
  }
  return false;
}

}  // namespace bibsmith::plugin
