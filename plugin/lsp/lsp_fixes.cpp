#include <algorithm>

#include <nlohmann/json.hpp>

#include "bibtex/write/style.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/lsp/lsp_server.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/session/accept.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

namespace {

RpcError no_bibliography() { return {RpcCode::invalid_params, "'uri' must be an open bibliography", {}}; }

}  // namespace

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
  add_version_fix(document, entry, actions);
  add_verdict_fixes(document, entry, actions);
}

void LspServer::add_version_fix(const OpenDocument& document, const BibEntry& entry, json& actions) const {
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
    return respond(id, tl::unexpected(no_bibliography()));
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

// Asks the sources whether there are the works that a bibliography names, and keeps what they say.
void LspServer::verify(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr || !document->bib) return respond(id, tl::unexpected(no_bibliography()));
  ReferenceText reference;
  reference.path = document->path.ends_with(".bib") ? document->path : "untitled.bib";
  reference.text = document->bib->text();
  for (const json& key : arguments.value("only", json::array())) {
    if (!reference.keys) reference.keys.emplace();
    reference.keys->insert(key.get<std::string>());
  }
  const std::string name = id.dump();
  const std::stop_source stop = jobs_.start(
      [this, id, name, uri, reference, accepted = accepted_](Session& session, const std::stop_token& token) {
        std::vector<ReferenceText> texts;
        texts.push_back(reference);
        const VerifyAnswer answer =
            verify_texts(session, std::move(texts), token, [this, name](std::size_t done, std::size_t total) {
              loop_.post([=, this] { report_progress(name, done, total); });
            });
        auto verdicts = verdicts_of(answer, bibtex::Document::parse(reference.text), accepted);
        json result{{"ok", answer.unasked.empty()}, {"file", reference.path}};
        for (const auto kind : {bibtex::VerdictKind::verified, bibtex::VerdictKind::wrong_fields,
                                bibtex::VerdictKind::could_not_verify, bibtex::VerdictKind::does_not_exist}) {
          result[std::string(bibtex::name_of(kind))] = answer.count(kind);
        }
        result["errors"] = answer.unasked;
        loop_.post([this, id, name, uri, keys = reference.keys, result, verdicts = std::move(verdicts)] {
          stops_.erase(name);
          end_progress(name, "");
          std::vector<EntryVerdict>& known = verdicts_[uri];
          std::erase_if(known, [&](const EntryVerdict& one) { return !keys || keys->contains(one.key); });
          known.insert(known.end(), verdicts.begin(), verdicts.end());
          if (workspace_.find(uri) == nullptr) verdicts_.erase(uri);
          publish_findings();
          respond(id, result);
        });
      });
  stops_[name] = stop;
  begin_progress(name, "Verifying references", stop);
}

const EntryVerdict* LspServer::verdict_of(const OpenDocument& document, const BibEntry& entry) const {
  const auto known = verdicts_.find(document.uri);
  if (known == verdicts_.end()) return nullptr;
  const auto found = std::ranges::find(known->second, entry.key(), &EntryVerdict::key);
  if (found == known->second.end() || found->text_hash != hash_of_entry(*entry.document, entry.block))
    return nullptr;
  return &*found;
}

void LspServer::add_verdicts(const OpenDocument& document, std::vector<DocumentFinding>& findings) const {
  const auto known = verdicts_.find(document.uri);
  if (known == verdicts_.end()) return;
  for (const EntryVerdict& verdict : known->second) {
    const auto entry = document.bib->find(verdict.key);
    if (!entry || verdict_of(document, *entry) == nullptr) continue;
    for (const VerifiedFinding& finding : verdict.findings) {
      bibtex::Span place = entry->block.key;
      for (auto name = finding.fields.rbegin(); name != finding.fields.rend(); ++name) {
        if (const auto field = entry->document->find_field(entry->block, *name)) place = field->value;
      }
      findings.push_back({finding.code, finding.severity, entry->whole(place), finding.message, {}});
    }
  }
}

void LspServer::add_verdict_fixes(const OpenDocument& document, const BibEntry& entry, json& actions) const {
  const EntryVerdict* const verdict = verdict_of(document, entry);
  if (verdict == nullptr) return;
  if (!verdict->change.fields.empty()) {
    std::string names;
    for (const auto& field : verdict->change.fields) names += (names.empty() ? "" : ", ") + field.name;
    std::vector<FileEdit> edits;
    for (const bibtex::FieldEdit& one : bibtex::change_entry(*entry.document, entry.block, verdict->change,
                                                             bibtex::measure_style(*entry.document))) {
      edits.push_back({{document.path, entry.whole(one.edit.span), document.bib.get()}, one.edit.new_text});
    }
    actions.push_back({{"title", "Replace " + names + " by the record of " + verdict->source},
                       {"kind", "quickfix"},
                       {"edit", workspace_edit(edits)}});
  }
  if (verdict->acceptance.what.empty()) return;
  const std::string title = "Accept " + verdict->key + " as it is";
  actions.push_back(
      {{"title", title},
       {"kind", "quickfix"},
       {"command",
        {{"title", title},
         {"command", "bibsmith.accept"},
         {"arguments",
          {{{"uri", document.uri}, {"key", verdict->key}, {"reason", "accepted in the editor"}}}}}}});
}

// What was found of a reference is right as it is: bibsmith.toml says so, to all who work on the text.
void LspServer::accept(const json& id, const json& arguments) {
  const std::string uri = text_in(arguments, "uri");
  const std::string key = text_in(arguments, "key");
  const OpenDocument* document = workspace_.find(uri);
  if (document == nullptr || !document->bib) return respond(id, tl::unexpected(no_bibliography()));
  const auto entry = document->bib->find(key);
  const EntryVerdict* const verdict = entry ? verdict_of(*document, *entry) : nullptr;
  const std::string reason = text_in(arguments, "reason");
  if (verdict == nullptr || verdict->acceptance.what.empty() || reason.empty()) {
    const std::string why = reason.empty() ? "'reason' must say why"
                                           : "nothing was found of '" + key + "' that could be accepted";
    return respond(id, tl::unexpected(RpcError{RpcCode::invalid_params, why, {}}));
  }
  const Acceptance acceptance{verdict->acceptance.what, reason};
  const std::string path = acceptance_path(std::filesystem::path(document->path).parent_path().string());
  jobs_.start([this, id, uri, key, acceptance, path](Session& session, const std::stop_token& stop) {
    const auto done = accept_reference(path, key, acceptance, session.change_context(stop));
    loop_.post([this, id, uri, key, acceptance, path, done] {
      if (!done) return respond(id, tl::unexpected(rpc_error_of(done.error())));
      accepted_[key] = acceptance;
      std::erase_if(verdicts_[uri], [&](const EntryVerdict& one) { return one.key == key; });
      publish_findings();
      show_message(3, path + " accepts " + key + ": say there why");
      respond(id, json{{"ok", true}, {"file", path}, {"changed", {key}}, {"errors", json::array()}});
    });
  });
}

}  // namespace bibsmith::plugin
