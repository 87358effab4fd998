#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/macros.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

using NewKeys = std::map<std::string, std::string, std::less<>>;  // by the key that is cited

// The keys of a document's bibliographies, as they will be.
class UsualKeys {
 public:
  explicit UsualKeys(std::vector<Bibliography> bibliographies) : bibliographies_(std::move(bibliographies)) {}

  // Renames the entries whose keys ask for a paper.
  void rename_entries(std::vector<FileEdit>& edits) {
    for (const Bibliography& one : bibliographies_) {
      const std::vector<bibtex::KeyRename> renames = renames_of(one);
      if (renames.empty()) continue;
      const bibtex::Document whole = bibtex::Document::parse(one.file->text());
      std::vector<bibtex::KeyRename> by_block;
      for (const auto& [old_key, new_key] : renamed_) {
        const auto entry = whole.find(old_key);
        if (entry && whole.text(entry->key) == old_key) by_block.push_back({entry->index, new_key});
      }
      std::ranges::sort(by_block, {}, &bibtex::KeyRename::block);
      for (bibtex::TextEdit& edit : bibtex::rename_keys(whole, by_block)) {
        edits.push_back({{one.path, edit.span, one.file}, std::move(edit.new_text)});
      }
    }
  }

  // The key that a citation gets; empty: it stays.
  std::string key_for(std::string_view cited) {
    const auto known = renamed_.find(cited);
    if (known != renamed_.end()) return known->second;
    const auto id = requested_paper(cited);
    if (!id) return {};
    const auto [place, is_new] = by_paper_.try_emplace(id->base());
    if (is_new) place->second = find(*id);
    return place->second;
  }

 private:
  std::vector<bibtex::KeyRename> renames_of(const Bibliography& one) {
    std::vector<bibtex::KeyRename> renames;
    for (const BibEntry& entry : one.file->entries()) {
      const std::string key(entry.key());
      if (!requested_paper(key) || renamed_.contains(key)) continue;
      const std::string new_key = bibtex::disambiguate(usual_key_of(entry), [this](std::string_view taken) {
        return taken_.contains(taken) || std::ranges::any_of(bibliographies_, [&](const Bibliography& other) {
                 return other.file->find(taken).has_value();
               });
      });
      taken_.insert(new_key);
      renames.push_back({entry.block.index, new_key});
      renamed_[key] = new_key;
    }
    return renames;
  }

  std::string find(const ArxivId& id) const {
    constexpr std::size_t looked_at_max = 20;
    static const bibtex::Macros months;
    for (const Bibliography& one : bibliographies_) {
      for (const BibFile::Match& match : one.file->search(id.base(), looked_at_max)) {
        const BibEntry& entry = match.entry;
        const auto said = bibtex::identify(*entry.document, months, entry.block);
        if (!said.arxiv_id || said.other || said.arxiv_id->base() != id.base()) continue;
        const auto renamed = renamed_.find(entry.key());
        return renamed == renamed_.end() ? std::string(entry.key()) : renamed->second;
      }
    }
    return {};
  }

  std::vector<Bibliography> bibliographies_;
  NewKeys renamed_;
  std::set<std::string, std::less<>> taken_;
  std::map<std::string, std::string> by_paper_;
};

}  // namespace

std::vector<FileEdit> usual_keys(Workspace& workspace, const OpenDocument& document,
                                 const std::vector<Source>& sources) {
  UsualKeys keys(workspace.bibliographies_of(document));
  std::vector<FileEdit> edits;
  keys.rename_entries(edits);
  for (const Source& source : sources) {
    const std::string& text = source.text->text();
    NewKeys new_keys;
    for (const bibtex::Span& span : source.text->citations()) {
      std::string key = keys.key_for(span.in(text));
      if (!key.empty() && key != span.in(text)) new_keys.emplace(span.in(text), std::move(key));
    }
    if (new_keys.empty()) continue;
    for (LabelledEdit& one : edits_of_citations(text, source.text->citations(), new_keys)) {
      edits.push_back({{source.path, one.edit.span, source.text}, std::move(one.edit.new_text)});
    }
  }
  return edits;
}

bool has_usual_key(Workspace& workspace, const OpenDocument& document, std::uint32_t offset) {
  const auto key = key_at(document, offset);
  if (!key || !requested_paper(key->key)) return false;
  if (document.bib) return true;
  const std::vector<Bibliography> bibliographies = workspace.bibliographies_of(document);
  const auto has_it = [&](const Bibliography& one) { return one.file->find(key->key).has_value(); };
  return std::ranges::any_of(bibliographies, has_it) || !UsualKeys(bibliographies).key_for(key->key).empty();
}

}  // namespace bibsmith::plugin
