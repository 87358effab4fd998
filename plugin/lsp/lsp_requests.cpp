#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "bibtex/compare/matcher.hpp"
#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/lsp/paper_text.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/session/search.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

// Behind "textDocument/".
constexpr std::array<std::string_view, 15> known_requests = {
    "definition",          "references",   "prepareRename", "rename",          "documentSymbol",
    "documentLink",        "foldingRange", "formatting",    "rangeFormatting", "inlayHint",
    "semanticTokens/full", "codeLens",     "codeAction",    "diagnostic",      "completion"};

// LSP 3.17, "CompletionItemKind"
int kind_of(CompletionKind kind) {
  switch (kind) {
    case CompletionKind::entry:
      return 18;  // Reference
    case CompletionKind::fetchable:
      return 17;  // File
    case CompletionKind::type:
      return 7;  // Class
    case CompletionKind::field:
      return 5;  // Field
    case CompletionKind::value:
      break;
  }
  return 12;  // Value
}

std::string sort_text(std::size_t place) {
  std::string text = std::to_string(place);
  return std::string(6 - std::min<std::size_t>(6, text.size()), '0') + text;
}

// What the cache, and nobody else, knows of a paper that is hovered over, in Markdown.
std::string known_of(Session& session, const Hover& place, const std::stop_token& stop) {
  Settings settings = session.settings();
  settings.offline = true;
  Session offline(std::move(settings), [](std::string_view) {});
  const auto record_of = [&](const ArxivId& paper) -> std::optional<Record> {
    FetchResult known = offline.papers().fetch(std::vector{paper}, stop, {});
    if (known.records.empty()) return std::nullopt;
    return known.records[0];
  };
  if (place.id) {
    const auto record = record_of(*place.id);
    return record ? "\n\n" + markdown_of(*record) + news_markdown({}, &*record, {}) : std::string();
  }
  const bibtex::Document alone = bibtex::Document::parse(place.entry);
  const auto entries = alone.entries();
  if (entries.empty()) return {};
  const auto said = bibtex::identify(alone, bibtex::Macros(alone), entries.back());
  std::optional<Record> record;
  if (said.arxiv_id && !said.other) record = record_of(said.arxiv_id->without_version());
  EntryNews news;
  for (EntryNews& one : entry_news(offline, place.path, place.entry, stop)) news = std::move(one);
  return news_markdown(news, record ? &*record : nullptr, place.abstract);
}

}  // namespace

LspServer::Answer LspServer::answer_about(const std::string& method, const json& parameters) {
  constexpr std::string_view about_documents = "textDocument/";
  const std::string name = method.starts_with(about_documents) ? method.substr(about_documents.size()) : "";
  if (std::ranges::find(known_requests, name) == known_requests.end()) {
    return tl::unexpected(RpcError{RpcCode::method_not_found, "there is no such method", {}});
  }
  OpenDocument* document = document_of(parameters);
  if (document == nullptr) return json();

  if (name == "definition") {
    json places = json::array();
    if (leaves_to_peer(*document, "definition")) return places;
    for (const FilePlace& place : definition(workspace_, *document, offset_of(*document, parameters))) {
      places.push_back(place_of(place));
    }
    return places;
  }
  if (name == "references") {
    json places = json::array();
    if (leaves_to_peer(*document, "references")) return places;
    const bool all = parameters.value("context", json::object()).value("includeDeclaration", false);
    std::vector<Source> sources;
    for (const FilePlace& place :
         references(workspace_, *document, offset_of(*document, parameters), all, sources)) {
      places.push_back(place_of(place));
    }
    return places;
  }
  if (name == "prepareRename") {
    if (leaves_to_peer(*document, "rename")) return json();
    const auto key = key_at(*document, offset_of(*document, parameters));
    if (!key) return json();
    return json{{"range", range_of(document->lines(), key->span)}, {"placeholder", key->key}};
  }
  if (name == "rename") return rename_at(*document, parameters);
  if (name == "documentSymbol") {
    return leaves_to_peer(*document, "symbols") ? json::array() : symbols_in(*document);
  }
  if (name == "documentLink") {
    json found = json::array();
    for (const Link& link : links(*document)) {
      found.push_back({{"range", range_of(document->lines(), link.span)}, {"target", link.target}});
    }
    return found;
  }
  if (name == "foldingRange") {
    json found = json::array();
    if (leaves_to_peer(*document, "folding")) return found;
    for (const bibtex::Span& span : foldings(*document)) {
      const auto begin = document->lines().position(span.begin, unit_);
      const auto end = document->lines().position(span.end, unit_);
      if (end.line > begin.line) found.push_back({{"startLine", begin.line}, {"endLine", end.line}});
    }
    return found;
  }
  if (name == "formatting" || name == "rangeFormatting") {
    if (leaves_to_peer(*document, "formatting")) return json();
    std::optional<bibtex::Span> range;
    if (name == "rangeFormatting") range = span_of(document->lines(), parameters.at("range"));
    return edits_of(*document, formatting(*document, range));
  }
  if (name == "inlayHint") {
    json hints = json::array();
    if (!settings_.shows_inlay_hints) return hints;
    for (const InlayHint& hint :
         inlay_hints(workspace_, *document, span_of(document->lines(), parameters.at("range")))) {
      const auto place = document->lines().position(hint.offset, unit_);
      hints.push_back({{"position", {{"line", place.line}, {"character", place.column}}},
                       {"label", hint.label},
                       {"paddingLeft", true}});
    }
    return hints;
  }
  if (name == "semanticTokens/full") return semantic_tokens(*document);
  if (name == "codeLens") return code_lenses(*document);
  if (name == "codeAction") return code_actions(*document, parameters);
  if (name == "diagnostic") return json{{"kind", "full"}, {"items", findings_of(*document)}};
  return tl::unexpected(RpcError{RpcCode::method_not_found, "there is no such method", {}});
}

std::optional<LspServer::Answer> LspServer::hover_at(const json& id, const json& parameters) {
  const OpenDocument* document = document_of(parameters);
  if (document == nullptr || leaves_to_peer(*document, "hover")) return json();
  const auto found = hover(workspace_, *document, offset_of(*document, parameters));
  if (!found) return json();
  const std::string name = id.dump();
  const json range = range_of(document->lines(), found->span);
  stops_[name] =
      lookups_.start([this, id, name, range, found = *found](Session& session, const std::stop_token& stop) {
        const std::string text = found.markdown + known_of(session, found, stop);
        loop_.post([this, id, name, range, text] {
          stops_.erase(name);
          respond(id, json{{"contents", {{"kind", "markdown"}, {"value", text}}}, {"range", range}});
        });
      });
  return std::nullopt;
}

LspServer::json LspServer::completion(const json& parameters) {
  const OpenDocument* document = document_of(parameters);
  if (document == nullptr) return json();
  const bool has_peer = leaves_to_peer(*document, "completion");
  if (document->bib && has_peer) return json();
  const auto list = complete(workspace_, *document, offset_of(*document, parameters),
                             settings_.completes_local && !has_peer);
  if (!list) return json();
  const json range = range_of(document->lines(), list->span);
  json items = json::array();
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Completion& one = list->items[i];
    json item{{"label", one.label},
              {"kind", kind_of(one.kind)},
              {"sortText", sort_text(i)},
              {"filterText", one.filter_text},
              {"textEdit", {{"range", range}, {"newText", one.new_text}}}};
    if (!one.detail.empty()) item["detail"] = one.detail;
    if (one.kind == CompletionKind::entry) item["data"] = {{"key", one.label}, {"file", one.source}};
    if (one.kind == CompletionKind::fetchable) {
      item["command"] = {{"title", "Fetch"},
                         {"command", "bibsmith.fetch"},
                         {"arguments", {{{"uri", document->uri}, {"ids", {one.label}}}}}};
    }
    items.push_back(std::move(item));
  }
  // What is typed changes what is found, not only how it is filtered.
  return {{"isIncomplete", true}, {"items", std::move(items)}};
}

LspServer::json LspServer::resolve_completion(json item) {
  const json data = item.value("data", json());
  if (!data.is_object() || !data.contains("key") || !data.contains("file")) return item;
  const std::string file = data["file"].get<std::string>();
  for (const Bibliography& one : workspace_.all_bibliographies()) {
    if (one.path != file) continue;
    if (const auto entry = one.file->find(data["key"].get<std::string>())) {
      item["documentation"] = {{"kind", "markdown"}, {"value", markdown_of(*entry)}};
    }
  }
  return item;
}

// Where nothing at hand matches, arXiv may: once the typing pauses, so that each letter is not a search.
bool LspServer::complete_remotely(const json& id, const json& parameters, const json& local) {
  constexpr std::size_t typed_bytes_min = 8;
  constexpr std::uint32_t results_max = 10;
  constexpr std::chrono::milliseconds pause{350};
  const OpenDocument* document = document_of(parameters);
  if (!settings_.completes_remote || document == nullptr || !document->source || !local.is_object() ||
      !local["items"].empty()) {
    return false;
  }
  const auto typed =
      typed_key(document->source->text(), offset_of(*document, parameters), document->language);
  if (!typed || typed->typed.size() < typed_bytes_min || EntryWords(typed->typed).words.size() < 2)
    return false;
  const json range = range_of(document->lines(), typed->span);
  const std::string words = typed->typed;
  const std::string uri = document->uri;
  const std::string name = id.dump();
  std::stop_source waiting;
  stops_[name] = waiting;
  loop_.after(pause, "remote " + name, [this, id, name, range, words, uri, local, waiting] {
    stops_.erase(name);
    if (waiting.stop_requested())
      return respond(id, tl::unexpected(RpcError{RpcCode::cancelled, "cancelled", {}}));
    stops_[name] = jobs_.start([this, id, name, range, words, uri, local](Session& session,
                                                                          const std::stop_token& stop) {
      SearchRequest request;
      request.words = words;
      request.results_max = results_max;
      const auto found = search(session, request, stop);
      json list = local;
      list["isIncomplete"] = true;
      if (found) {
        for (const Record& record : found->records) {
          if (!record.arxiv_id) continue;
          const std::string key = "arXiv:" + record.arxiv_id->base();
          std::string detail = record.authors.empty() ? "" : record.authors.front().name;
          if (record.authors.size() > 1) detail += " et al.";
          list["items"].push_back(
              {{"label", key},
               {"kind", kind_of(CompletionKind::fetchable)},
               {"labelDetails", {{"description", "arXiv"}}},
               {"detail", record.title + " (" + detail + ", " + record.published.iso().substr(0, 4) + ")"},
               {"sortText", "~" + sort_text(list["items"].size())},
               {"filterText", words + ' ' + record.title},
               {"textEdit", {{"range", range}, {"newText", key}}},
               {"command",
                {{"title", "Fetch"},
                 {"command", "bibsmith.fetch"},
                 {"arguments", {{{"uri", uri}, {"ids", {key}}}}}}}});
        }
      }
      loop_.post([this, id, name, list] {
        stops_.erase(name);
        respond(id, list);
      });
    });
  });
  return true;
}

LspServer::json LspServer::symbols_in(const OpenDocument& document) {
  json symbols = json::array();
  for (const Symbol& symbol : document_symbols(document)) {
    if (client_.takes_hierarchy) {
      symbols.push_back({{"name", symbol.name},
                         {"detail", symbol.detail},
                         {"kind", 20},
                         {"range", range_of(document.lines(), symbol.place.span)},
                         {"selectionRange", range_of(document.lines(), symbol.key)}});
    } else {
      symbols.push_back(
          {{"name", symbol.name},
           {"containerName", symbol.detail},
           {"kind", 20},
           {"location", {{"uri", document.uri}, {"range", range_of(document.lines(), symbol.place.span)}}}});
    }
  }
  return symbols;
}

LspServer::json LspServer::semantic_tokens(const OpenDocument& document) {
  json data = json::array();
  bibtex::Position last;
  for (const KeyToken& token : key_tokens(workspace_, document)) {
    const bibtex::Position begin = document.lines().position(token.span.begin, unit_);
    const bibtex::Position end = document.lines().position(token.span.end, unit_);
    if (end.line != begin.line) continue;
    const std::uint32_t line = begin.line - last.line;
    data.insert(data.end(), {line, line == 0 ? begin.column - last.column : begin.column,
                             end.column - begin.column, 0, token.is_known ? 0 : 1});
    last = begin;
  }
  return {{"data", std::move(data)}};
}

LspServer::Answer LspServer::rename_at(const OpenDocument& document, const json& parameters) {
  if (leaves_to_peer(document, "rename")) return json();
  std::vector<Source> sources;
  const auto edits = rename(workspace_, document, offset_of(document, parameters),
                            parameters.at("newName").get<std::string>(), sources);
  if (!edits) return tl::unexpected(RpcError{RpcCode::invalid_params, edits.error(), {}});
  return edits->empty() ? json() : workspace_edit(*edits);
}

LspServer::json LspServer::place_of(const FilePlace& place) const {
  const OpenDocument* open = workspace_.find_path(place.path);
  return {{"uri", open != nullptr ? open->uri : uri_of_path(place.path)},
          {"range", range_of(*place.lines, place.span)}};
}

LspServer::json LspServer::workspace_edit(const std::vector<FileEdit>& edits) const {
  std::map<std::string, json> by_path;
  const FileEdit* last = nullptr;
  for (const FileEdit& edit : edits) {
    json& list = by_path[edit.place.path];
    // Insertions at one place belong together: a user who may choose must not take one without the other, and
    // not every client keeps their order.
    if (last != nullptr && last->place.path == edit.place.path && last->place.span == edit.place.span) {
      list.back()["newText"] = list.back()["newText"].get<std::string>() + edit.new_text;
    } else {
      list.push_back({{"range", range_of(*edit.place.lines, edit.place.span)}, {"newText", edit.new_text}});
    }
    last = &edit;
  }
  json changes = client_.takes_document_changes ? json::array() : json::object();
  for (auto& [path, list] : by_path) {
    const OpenDocument* open = workspace_.find_path(path);
    const std::string uri = open != nullptr ? open->uri : uri_of_path(path);
    if (!client_.takes_document_changes) {
      changes[uri] = std::move(list);
    } else {
      changes.push_back(
          {{"textDocument", {{"uri", uri}, {"version", open != nullptr ? json(open->version) : json()}}},
           {"edits", std::move(list)}});
    }
  }
  return {{client_.takes_document_changes ? "documentChanges" : "changes", std::move(changes)}};
}

LspServer::json LspServer::edits_of(const OpenDocument& document,
                                    const std::vector<bibtex::TextEdit>& edits) const {
  json list = json::array();
  for (const bibtex::TextEdit& edit : edits) {
    list.push_back({{"range", range_of(document.lines(), edit.span)}, {"newText", edit.new_text}});
  }
  return list;
}

}  // namespace bibsmith::plugin
