#include <algorithm>

#include <nlohmann/json.hpp>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/update/rebuild.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/session/new_entries.hpp"

namespace bibsmith::plugin {

namespace {

using Rebuilt = tl::expected<std::optional<bibtex::TextEdit>, std::string>;

// From what the cache has, and nobody else is asked.
Rebuilt rebuilt_from_cache(const Session& session, const bibtex::Document& document, const std::string& key,
                           const std::stop_token& stop) {
  const auto entry = document.find(key);
  if (!entry) return tl::unexpected("there is no entry '" + key + '\'');
  const auto said = bibtex::identify(document, bibtex::Macros(document), *entry);
  if (!said.arxiv_id) return tl::unexpected(key + " names no paper of arXiv");
  if (said.other) return tl::unexpected(key + " names two papers of arXiv");
  Settings settings = session.settings();
  settings.offline = true;
  Session offline(std::move(settings), [](std::string_view) {});
  const std::string id = said.pinned ? said.arxiv_id->str() : said.arxiv_id->base();
  CiteAnswer cited =
      cite(offline, std::vector{"arXiv:" + id}, options_for_file(offline.settings(), document), stop);
  if (cited.papers.empty()) return tl::unexpected("arXiv:" + id + " is not in the cache: update " + key);
  return bibtex::rebuild_entry(document, *entry, *cited.papers.front().record,
                               cited.papers.front().normalized.entry);
}

nlohmann::ordered_json rewrite_action(const std::string& title, const char* command,
                                      nlohmann::ordered_json argument) {
  return {{"title", title},
          {"kind", "refactor.rewrite.bibsmith"},
          {"command", {{"title", title}, {"command", command}, {"arguments", {std::move(argument)}}}}};
}

}  // namespace

void LspServer::add_rewrites(const OpenDocument& document, std::uint32_t offset, json& actions) {
  if (document.bib) {
    const auto news = news_.find(document.uri);
    const auto entry = document.bib->entry_at(offset);
    const auto knows = [&](const EntryNews& one) { return one.has_record && one.key == entry->key(); };
    if (entry && news != news_.end() && std::ranges::any_of(news->second, knows)) {
      const std::string key(entry->key());
      actions.push_back(rewrite_action("Make " + key + " anew from its record", "bibsmith.normalise",
                                       {{"uri", document.uri}, {"key", key}}));
    }
  }
  if (has_usual_key(workspace_, document, offset)) {
    actions.push_back(rewrite_action("Give papers that are cited by their ids usual keys",
                                     "bibsmith.useUsualKeys", {{"uri", document.uri}}));
  }
}

void LspServer::confirm(json& edit, const std::string& label) const {
  if (!client_.confirms_changes || !edit.contains("documentChanges")) return;
  edit["changeAnnotations"] = {{"bibsmith", {{"label", label}, {"needsConfirmation", true}}}};
  for (json& change : edit["documentChanges"]) {
    for (json& one : change["edits"]) one["annotationId"] = "bibsmith";
  }
}

// An entry from its record alone.
void LspServer::rebuild(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const std::string key = text_in(arguments, "key");
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr || !document->bib) {
    return respond(
        id, tl::unexpected(RpcError{RpcCode::invalid_params, "'uri' must be an open bibliography", {}}));
  }
  lookups_.start([this, id, arguments, uri, key, version = document->version, text = document->bib->text()](
                     Session& session, const std::stop_token& stop) {
    const auto rebuilt = std::make_shared<const Rebuilt>(
        rebuilt_from_cache(session, bibtex::Document::parse(text), key, stop));
    loop_.post([this, id, arguments, uri, key, version, rebuilt] {
      const OpenDocument* still = workspace_.find(uri);
      if (still == nullptr) return respond(id, json{{"ok", false}, {"errors", {"the document was closed"}}});
      if (still->version != version) return rebuild(id, arguments);  // typed meanwhile
      json result{{"ok", rebuilt->has_value()},
                  {"file", still->path},
                  {"changed", json::array()},
                  {"skipped", json::array()},
                  {"errors", json::array()}};
      if (!*rebuilt) {
        result["errors"].push_back(rebuilt->error());
        return respond(id, result);
      }
      result[**rebuilt ? "changed" : "skipped"].push_back(key);
      if (!**rebuilt) return respond(id, result);
      json edit =
          workspace_edit({{{still->path, (**rebuilt)->span, still->bib.get()}, (**rebuilt)->new_text}});
      if (arguments.value("preview", true)) confirm(edit, "bibsmith: " + key + " anew");
      apply(id, "bibsmith: normalise " + key, std::move(edit), std::move(result));
    });
  });
}

// What `resolve --request-keys` does to the keys, in the editor.
void LspServer::use_usual_keys(const json& id, const json& arguments) {
  const OpenDocument* document = workspace_.find(text_in(arguments, "uri"));
  if (document == nullptr) {
    return respond(id,
                   tl::unexpected(RpcError{RpcCode::invalid_params, "'uri' must be an open document", {}}));
  }
  const std::vector<Source> sources = workspace_.sources();
  const std::vector<FileEdit> edits = usual_keys(workspace_, *document, sources);
  json result{{"ok", true}, {"changed", json::array()}, {"errors", json::array()}};
  for (const FileEdit& edit : edits) {
    const json& changed = result["changed"];
    if (std::ranges::find(changed, json(edit.new_text)) == changed.end()) {
      result["changed"].push_back(edit.new_text);
    }
  }
  if (edits.empty()) return respond(id, result);
  apply(id, "bibsmith: usual keys", workspace_edit(edits), std::move(result));
}

}  // namespace bibsmith::plugin
