#include "plugin/session/keys.hpp"

#include <optional>
#include <utility>

#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::plugin {

namespace {

using NewKeys = std::map<std::string, std::string, std::less<>>;  // by the old key

tl::expected<std::string, FileError> read_existing(const std::string& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return tl::unexpected(FileError{FileError::Code::not_found, path + ": no such file"});
  return std::move(**text);
}

struct Plan {
  KeysAnswer answer;
  NewKeys new_keys;
  std::vector<bibtex::TextEdit> edits;
};

Plan plan_for(const std::string& text, const bibtex::KeyPattern& pattern) {
  const bibtex::Document document = bibtex::Document::parse(bibtex::copy_of_large(text));
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
  plan.edits = bibtex::rename_keys(document, keys.renames);
  return plan;
}

std::vector<bibtex::TextEdit> edits_for(const std::string& tex, const NewKeys& new_keys,
                                        const FindCitations& find) {
  std::vector<bibtex::TextEdit> edits;
  for (const bibtex::Span& span : find(tex)) {
    const auto key = new_keys.find(span.in(tex));
    if (key != new_keys.end()) edits.push_back({span, key->second});
  }
  return edits;
}

tl::expected<std::optional<std::string>, FileError> applied(const std::string& path, const std::string& text,
                                                            const std::vector<bibtex::TextEdit>& edits) {
  if (edits.empty()) return std::nullopt;
  auto changed = bibtex::apply_edits(text, edits);
  if (!changed) {
    return tl::unexpected(FileError{FileError::Code::refused, path + ": " + changed.error().message});
  }
  return std::move(*changed);
}

}  // namespace

tl::expected<KeysAnswer, FileError> rename_keys(const KeysRequest& request, const std::string& state_dir) {
  const auto bib = read_existing(request.bib);
  if (!bib) return tl::unexpected(bib.error());
  Plan plan = plan_for(*bib, request.pattern);
  for (const std::string& path : request.tex) {
    const auto tex = read_existing(path);
    if (!tex) return tl::unexpected(tex.error());
    plan.answer.citations[path] = edits_for(*tex, plan.new_keys, request.find_citations).size();
  }
  if (request.only_plans || plan.edits.empty()) return std::move(plan.answer);

  const auto changed = change_file(request.bib, state_dir, [&](const std::string& text) {
    if (text != *bib) {  // another program changed it meanwhile
      auto citations = std::move(plan.answer.citations);
      plan = plan_for(text, request.pattern);
      plan.answer.citations = std::move(citations);
    }
    return applied(request.bib, text, plan.edits);
  });
  if (!changed) return tl::unexpected(changed.error());
  for (const std::string& path : request.tex) {
    const auto tex_changed = change_file(path, state_dir, [&](const std::string& tex) {
      const auto edits = edits_for(tex, plan.new_keys, request.find_citations);
      plan.answer.citations[path] = edits.size();
      return applied(path, tex, edits);
    });
    if (!tex_changed) return tl::unexpected(tex_changed.error());
  }
  return std::move(plan.answer);
}

}  // namespace bibsmith::plugin
