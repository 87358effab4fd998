#include <algorithm>

#include <nlohmann/json.hpp>

#include "plugin/json/answers.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/rpc/methods.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

json command_of(const std::string& title, const std::string& command, json arguments) {
  return {{"title", title}, {"command", command}, {"arguments", {std::move(arguments)}}};
}

json action_of(const std::string& title, const char* kind, json command) {
  return {{"title", title}, {"kind", kind}, {"command", std::move(command)}};
}

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

// The citation key that each paper has now.
std::map<std::string, std::string> keys_of(const AddAnswer& answer) {
  std::map<std::string, std::string> keys;
  for (const CitedPaper& paper : answer.cited.papers) keys[paper.id.base()] = paper.normalized.entry.key;
  for (const PresentPaper& paper : answer.present) keys[paper.id.base()] = paper.key;
  return keys;
}

// {ok, changed, skipped, errors}: the result of every command.
json result_of(const AddAnswer& answer, const std::string& file) {
  json result{{"ok", true},
              {"file", file},
              {"changed", json::array()},
              {"skipped", json::array()},
              {"errors", json::array()}};
  for (const CitedPaper& paper : answer.cited.papers) result["changed"].push_back(paper.normalized.entry.key);
  for (const PresentPaper& paper : answer.present) result["skipped"].push_back(paper.key);
  for (const ArxivId& id : answer.cited.not_found) {
    result["errors"].push_back(id.str() + ": arXiv has no such paper");
  }
  for (const auto& failure : answer.cited.failures) {
    result["errors"].push_back(failure.id.str() + ": could not ask: " + failure.error.message);
  }
  for (const InvalidId& invalid : answer.cited.invalid) {
    result["errors"].push_back(invalid.asked + ": " + invalid.error.message);
  }
  result["ok"] = result["errors"].empty();
  return result;
}

}  // namespace

LspServer::json LspServer::code_actions(const OpenDocument& document, const json& parameters) {
  json actions = json::array();
  const bibtex::Span range = span_of(document.lines(), parameters.at("range"));
  const json only = parameters.value("context", json::object()).value("only", json());
  const auto wants = [&](std::string_view kind) {
    if (!only.is_array()) return true;
    return std::ranges::any_of(only, [&](const json& one) {
      const std::string wanted = one.is_string() ? one.get<std::string>() : "";
      return kind == wanted || (kind.starts_with(wanted) && kind.substr(wanted.size()).starts_with('.'));
    });
  };
  if (document.source) {
    json all = json::array();
    const std::string target = target_of(&document);
    for (const DocumentFinding& finding : citation_findings(workspace_, document)) {
      if (!finding.fetchable) continue;
      const std::string id = finding.fetchable->str();
      all.push_back("arXiv:" + id);
      if (finding.span.end < range.begin || finding.span.begin > range.end || !wants("quickfix")) continue;
      actions.push_back(action_of(
          "Fetch arXiv:" + id + " and add it to " + file_name(target), "quickfix",
          command_of("Fetch", "bibsmith.fetch", {{"uri", document.uri}, {"ids", {"arXiv:" + id}}})));
    }
    if (all.size() > 1 && wants("quickfix")) {
      actions.push_back(
          action_of("Fetch all " + std::to_string(all.size()) + " missing papers", "quickfix",
                    command_of("Fetch", "bibsmith.fetch", {{"uri", document.uri}, {"ids", all}})));
    }
    if (!all.empty() && wants("source.fixAll.bibsmith")) {
      actions.push_back(
          action_of("Fetch all missing papers", "source.fixAll.bibsmith",
                    command_of("Fetch", "bibsmith.fetch", {{"uri", document.uri}, {"ids", all}})));
    }
    if (wants("refactor.rewrite.bibsmith")) add_rewrites(document, range.begin, actions);
    return actions;
  }
  if (wants("refactor.rewrite.bibsmith")) add_rewrites(document, range.begin, actions);
  if (wants("quickfix")) {
    if (const auto entry = document.bib->entry_at(range.begin)) {
      const std::string key(entry->key());
      for (const bool preview : {false, true}) {
        if (preview && !client_.confirms_changes) continue;
        actions.push_back(
            action_of("Update " + key + (preview ? ", with a preview" : ""), "quickfix",
                      command_of("Update", "bibsmith.updateFile",
                                 {{"uri", document.uri}, {"only", {key}}, {"preview", preview}})));
      }
      add_fixes(document, *entry, actions);
    }
  }
  if (wants("source.verify.bibsmith")) {
    actions.push_back(action_of("Verify the references", "source.verify.bibsmith",
                                command_of("Verify", "bibsmith.verify", {{"uri", document.uri}})));
  }
  if (wants("source.fixAll.bibsmith")) {
    actions.push_back(action_of("Update the bibliography", "source.fixAll.bibsmith",
                                command_of("Update", "bibsmith.updateFile", {{"uri", document.uri}})));
  }
  if (wants("source.organizeBibliography.bibsmith") && !leaves_to_peer(document, "formatting")) {
    const auto edits = formatting(document, std::nullopt);
    if (!edits.empty()) {
      std::vector<FileEdit> changes;
      for (const bibtex::TextEdit& edit : edits) {
        changes.push_back({{document.path, edit.span, &document.lines()}, edit.new_text});
      }
      actions.push_back({{"title", "Put the white space of the bibliography in order"},
                         {"kind", "source.organizeBibliography.bibsmith"},
                         {"edit", workspace_edit(changes)}});
    }
  }
  return actions;
}

void LspServer::execute(const json& id, const json& parameters) {
  const std::string command = parameters.at("command").get<std::string>();
  const json given = parameters.value("arguments", json::array());
  const json arguments = given.is_array() && !given.empty() ? given[0] : json::object();
  if (command == "bibsmith.fetch") return fetch(id, arguments);
  if (command == "bibsmith.updateFile") return update(id, arguments);
  if (command == "bibsmith.mergeDuplicates") return merge_duplicates(id, arguments);
  if (command == "bibsmith.normalise") return rebuild(id, arguments);
  if (command == "bibsmith.useUsualKeys") return use_usual_keys(id, arguments);
  if (command == "bibsmith.verify") return verify(id, arguments);
  if (command == "bibsmith.accept") return accept(id, arguments);
  if (command == "bibsmith.call") {
    return call_table(id, text_in(arguments, "method"), arguments.value("params", json::object()));
  }
  if (command == "bibsmith.search") return call_table(id, "bibsmith/search", arguments);
  if (command == "bibsmith.dedupe") return call_table(id, "bibsmith/bib.dedupe", arguments);
  if (command == "bibsmith.export") return call_table(id, "bibsmith/convert", arguments);
  if (command == "bibsmith.status") return call_table(id, "bibsmith/status", arguments);
  respond(id, tl::unexpected(RpcError{RpcCode::invalid_params, "there is no such command", {}}));
}

// Where new entries go: the first bibliography that the document names, that of the settings, the only one
// there is, or a new file beside the document.
std::string LspServer::target_of(const OpenDocument* document) {
  const std::filesystem::path folder =
      document != nullptr && !document->path.empty() ? std::filesystem::path(document->path).parent_path()
      : workspace_.folders().empty()                 ? std::filesystem::path()
                                                     : std::filesystem::path(workspace_.folders().front());
  if (document != nullptr && document->bib) return document->path;
  if (document != nullptr && !document->source->bibliographies().empty()) {
    const auto known = workspace_.bibliographies_of(*document);
    const std::string named =
        (folder / document->source->bibliographies().front()).lexically_normal().string();
    const auto is_named = [&](const Bibliography& one) { return one.path == named; };
    if (std::ranges::any_of(known, is_named) || known.empty()) return named;
    return known.front().path;
  }
  if (!settings_.target.empty()) return (folder / settings_.target).lexically_normal().string();
  const auto all = workspace_.all_bibliographies();
  return all.size() == 1 ? all.front().path : (folder / "references.bib").lexically_normal().string();
}

// Papers into a bibliography, and their keys in place of the ids that asked for them. A bibliography that is
// open in the editor is changed there, one that is not on the disk.
void LspServer::fetch(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const OpenDocument* document = workspace_.find(uri);
  std::vector<std::string> ids;
  for (const json& one : arguments.at("ids")) ids.push_back(one.get<std::string>());
  const std::string asked_target = text_in(arguments, "target");
  const std::string target = asked_target.empty() ? target_of(document) : asked_target;
  const OpenDocument* open = workspace_.find_path(target);
  const std::string open_uri = open != nullptr && open->bib ? open->uri : "";
  const std::int64_t version = open_uri.empty() ? 0 : open->version;
  const std::string name = id.dump();
  const std::string text = open_uri.empty() ? "" : open->bib->text();
  std::stop_source stop = jobs_.start([=, this](Session& session, const std::stop_token& token) {
    const auto progress = [this, name](std::size_t done, std::size_t total) {
      loop_.post([=, this] { report_progress(name, done, total); });
    };
    using Planned = tl::expected<PlannedAdd, FileError>;
    Planned planned = PlannedAdd{};
    if (open_uri.empty()) {
      auto added = add(session, ids, target, token, progress);
      if (added) {
        planned->answer = *std::move(added);
      } else {
        planned = tl::unexpected(added.error());
      }
    } else {
      planned = plan_add(session, ids, bibtex::Document::parse(text), target, token, progress);
    }
    auto shared = std::make_shared<Planned>(std::move(planned));
    loop_.post([=, this] {
      stops_.erase(name);
      end_progress(name, *shared ? "" : shared->error().message);
      if (!*shared) return respond(id, tl::unexpected(rpc_error_of(shared->error())));
      const AddAnswer& answer = (*shared)->answer;
      json result = result_of(answer, target);
      json edit = json::object();
      const OpenDocument* still = workspace_.find(open_uri);
      if (!open_uri.empty() && !(*shared)->edits.empty()) {
        if (still == nullptr || still->version != version) return fetch(id, arguments);  // typed meanwhile
        std::vector<FileEdit> edits;
        for (const LabelledEdit& one : (*shared)->edits) {
          edits.push_back({{still->path, one.edit.span, still->bib.get()}, one.edit.new_text});
        }
        edit = workspace_edit(edits);
      }
      workspace_.forget(target);
      schedule_findings();
      for (const json& error : result["errors"]) show_message(1, error.get<std::string>());
      replace_request_keys(id, keys_of(answer), std::move(edit), std::move(result));
    });
  });
  stops_[name] = stop;
  begin_progress(name, "Fetching from arXiv", stop);
}

// In every open source that asks for one of the papers by its id.
void LspServer::replace_request_keys(const json& id, const std::map<std::string, std::string>& keys,
                                     json edit, json result) {
  std::vector<FileEdit> edits;
  for (const auto& [uri, document] : workspace_.documents()) {
    if (!document->source) continue;
    for (const bibtex::TextEdit& one : request_key_edits(*document->source, keys)) {
      edits.push_back({{document->path, one.span, document->source.get()}, one.new_text});
    }
  }
  json keyed = workspace_edit(edits);
  const char* member = client_.takes_document_changes ? "documentChanges" : "changes";
  if (!edits.empty()) {
    if (!edit.contains(member)) {
      edit = std::move(keyed);
    } else if (client_.takes_document_changes) {
      for (json& change : keyed[member]) edit[member].push_back(std::move(change));
    } else {
      edit[member].update(keyed[member]);
    }
  }
  if (edit.empty()) return respond(id, result);
  apply(id, "bibsmith", std::move(edit), std::move(result));
}

// A command is done when its edit is applied, and not before.
void LspServer::apply(const json& id, const std::string& label, json edit, json result) {
  request("workspace/applyEdit", {{"label", label}, {"edit", std::move(edit)}},
          [this, id, result = std::move(result)](const json& response) {
            json told = result;
            const json applied = response.value("result", json::object());
            if (!applied.is_object() || !applied.value("applied", false)) {
              told["ok"] = false;
              const std::string reason = text_in(applied, "failureReason");
              told["errors"].push_back("the editor did not apply the edit" +
                                       (reason.empty() ? "" : ": " + reason));
              told["changed"] = json::array();
            }
            respond(id, told);
          });
}

void LspServer::update(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr || !document->bib) {
    return respond(
        id, tl::unexpected(RpcError{RpcCode::invalid_params, "'uri' must be an open bibliography", {}}));
  }
  UpdateRequest request;
  for (const json& key : arguments.value("only", json::array())) request.only.insert(key.get<std::string>());
  request.publish = arguments.value("publish", true);
  request.search = arguments.value("search", false);
  request.dry_run = true;
  const bool preview = arguments.value("preview", false) && client_.confirms_changes;
  const std::int64_t version = document->version;
  const std::string path = document->path;
  const std::string name = id.dump();
  std::stop_source stop =
      jobs_.start([=, this, text = document->bib->text()](Session& session, const std::stop_token& token) {
        Updater updater(session, request, token, [this, name](std::size_t done, std::size_t total) {
          loop_.post([=, this] { report_progress(name, done, total); });
        });
        using Plan = tl::expected<bibtex::UpdatePlan, FileError>;
        auto plan = std::make_shared<Plan>(updater.plan(path, text));
        loop_.post([=, this] {
          stops_.erase(name);
          end_progress(name, *plan ? "" : plan->error().message);
          if (!*plan) return respond(id, tl::unexpected(rpc_error_of(plan->error())));
          const OpenDocument* still = workspace_.find(uri);
          if (still == nullptr)
            return respond(id, json{{"ok", false}, {"errors", {"the document was closed"}}});
          if (still->version != version) return update(id, arguments);  // the cache has the answers now
          json result{{"ok", true},
                      {"file", path},
                      {"changed", json::array()},
                      {"skipped", json::array()},
                      {"errors", json::array()}};
          for (const bibtex::EntryUpdate& entry : (*plan)->entries) {
            if (!entry.edits.empty()) result["changed"].push_back(entry.key);
            if (entry.status == bibtex::UpdateStatus::could_not_ask ||
                entry.status == bibtex::UpdateStatus::not_found) {
              result["errors"].push_back(entry.key + ": " + std::string(bibtex::name_of(entry.status)) +
                                         ": " + entry.message);
            }
          }
          result["ok"] = result["errors"].empty();
          std::vector<FileEdit> edits;
          for (const bibtex::TextEdit& edit : (*plan)->edits()) {
            edits.push_back({{path, edit.span, still->bib.get()}, edit.new_text});
          }
          if (edits.empty()) return respond(id, result);
          json edit = workspace_edit(edits);
          if (preview) confirm(edit, "bibsmith update");
          apply(id, "bibsmith update", std::move(edit), std::move(result));
        });
      });
  stops_[name] = stop;
  begin_progress(name, "Updating " + file_name(path), stop);
}

// A method of docs/json-rpc.md.
void LspServer::call_table(const json& id, const std::string& method, const json& arguments) {
  const std::string name = id.dump();
  std::stop_source stop = jobs_.start([=, this](Session& session, const std::stop_token& token) {
    const MethodResult result = call_method(method, arguments, {session, token, {}});
    const Answer answer = result ? Answer(result->value()) : tl::unexpected(result.error());
    loop_.post([=, this] {
      stops_.erase(name);
      respond(id, answer);
    });
  });
  stops_[name] = stop;
}

void LspServer::begin_progress(const std::string& name, const std::string& title,
                               const std::stop_source& stop) {
  if (!client_.shows_progress) return;
  const std::string token = "bibsmith " + name;
  stops_[json(token).dump()] = stop;
  request("window/workDoneProgress/create", {{"token", token}}, {});
  notify("$/progress",
         {{"token", token},
          {"value", {{"kind", "begin"}, {"title", title}, {"cancellable", true}, {"percentage", 0}}}});
}

void LspServer::report_progress(const std::string& name, std::size_t done, std::size_t total) {
  if (!client_.shows_progress || total == 0 || !stops_.contains(name)) return;
  notify("$/progress", {{"token", "bibsmith " + name},
                        {"value",
                         {{"kind", "report"},
                          {"message", std::to_string(done) + " of " + std::to_string(total)},
                          {"percentage", done * 100 / total}}}});
}

void LspServer::end_progress(const std::string& name, const std::string& text) {
  if (!client_.shows_progress) return;
  const std::string token = "bibsmith " + name;
  stops_.erase(json(token).dump());
  json value{{"kind", "end"}};
  if (!text.empty()) value["message"] = text;
  notify("$/progress", {{"token", token}, {"value", std::move(value)}});
}

}  // namespace bibsmith::plugin
