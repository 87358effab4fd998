#include "plugin/session/keys.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/session/cited_change.hpp"

namespace bibsmith::plugin {

namespace {

using NewKeys = std::map<std::string, std::string, std::less<>>;  // by the old key

struct Plan {
  KeysAnswer answer;
  NewKeys new_keys;
  std::vector<LabelledEdit> edits;
};

// An edit of rename_keys() changes an entry's key, or a field that names another entry.
LabelledEdit label(const bibtex::Document& document, const std::vector<bibtex::KeyRename>& renames,
                   bibtex::TextEdit edit) {
  LabelledEdit one;
  const bibtex::Block block = document.block_at(edit.span.begin);
  one.key = document.text(block.key);
  for (const bibtex::FieldNode& field : document.fields(block)) {
    if (field.value.begin > edit.span.begin) break;
    if (edit.span.end <= field.value.end) one.field = document.text(field.name);
  }
  for (char& c : one.field) c = bibtex::lower(c);
  one.reason = one.field.empty() ? "keys.key" : "keys.reference";
  const auto rename = std::lower_bound(
      renames.begin(), renames.end(), block.index,
      [](const bibtex::KeyRename& known, std::uint32_t wanted) { return known.block < wanted; });
  if (rename != renames.end() && rename->block == block.index) {
    if (one.field.empty()) one.old_key = one.key;
    one.key = rename->new_key;
  }
  one.edit = std::move(edit);
  return one;
}

Plan plan_for(const bibtex::Document& document, const bibtex::KeyPattern& pattern) {
  const bibtex::KeyPlan keys = bibtex::plan_keys(document, pattern, bibtex::measure_dialect(document));
  Plan plan;
  for (const bibtex::KeyRename& rename : keys.renames) {
    const std::string old_key(document.text(document.block(rename.block).key));
    plan.answer.changes.push_back({old_key, rename.new_key});
    // A key that several entries have means the first of them; if that one keeps it, so do the citations.
    const auto meant = document.find(old_key);
    if (meant && meant->index == rename.block) plan.new_keys.emplace(old_key, rename.new_key);
  }
  for (const std::uint32_t block : keys.unnamed) {
    plan.answer.unnamed.emplace_back(document.text(document.block(block).key));
  }
  for (bibtex::TextEdit& edit : bibtex::rename_keys(document, keys.renames)) {
    plan.edits.push_back(label(document, keys.renames, std::move(edit)));
  }
  return plan;
}

std::vector<LabelledEdit> edits_for(const std::string& tex, const NewKeys& new_keys,
                                    const FindCitations& find) {
  std::vector<LabelledEdit> edits;
  for (const bibtex::Span& span : find(tex)) {
    const auto key = new_keys.find(span.in(tex));
    if (key == new_keys.end()) continue;
    LabelledEdit one;
    one.edit = {span, key->second};
    one.reason = "keys.citation";
    edits.push_back(std::move(one));
  }
  return edits;
}

}  // namespace

tl::expected<KeysAnswer, FileError> rename_keys(const KeysRequest& request, const ChangeContext& context) {
  auto bib_text = read_existing(request.bib);
  if (!bib_text) return tl::unexpected(bib_text.error());
  const FileText bib = FileText::bib(std::move(*bib_text));
  if (const auto why = why_not_read(bib.document())) {
    return file_error(FileError::Code::refused, request.bib + ": " + *why);
  }
  Plan plan = plan_for(bib.document(), request.pattern);
  for (const std::string& path : request.tex) {
    const auto tex = read_existing(path);
    if (!tex) return tl::unexpected(tex.error());
    plan.answer.citations[path] = edits_for(*tex, plan.new_keys, request.find_citations).size();
  }
  if (request.only_plans || plan.edits.empty()) return std::move(plan.answer);

  CitedChange change;
  change.bib = request.bib;
  change.tex = request.tex;
  change.plan_bib = [&](const FileText& text) {
    if (text.text() != bib.text()) {  // another program changed it meanwhile
      auto citations = std::move(plan.answer.citations);
      plan = plan_for(text.document(), request.pattern);
      plan.answer.citations = std::move(citations);
    }
    return plan.edits;
  };
  change.plan_tex = [&](const std::string& path, const std::string& tex) {
    auto edits = edits_for(tex, plan.new_keys, request.find_citations);
    plan.answer.citations[path] = edits.size();
    return edits;
  };
  const auto changed = change_with_citations(change, "keys", context);
  if (!changed) return tl::unexpected(changed.error());
  return std::move(plan.answer);
}

}  // namespace bibsmith::plugin
