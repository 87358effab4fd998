#include "plugin/session/sync_edits.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::SharedEntry;

std::string part(const SharedEntry& entry, std::string_view name) {
  const auto found = entry.find(name);
  return found == entry.end() ? std::string{} : found->second;
}

bibtex::EntryChange change_of(const SharedEntry& before, const SharedEntry& after) {
  bibtex::EntryChange change;
  for (const auto& [name, value] : after) {
    const auto old = before.find(name);
    if (name == bibtex::key_part || (old != before.end() && old->second == value)) continue;
    if (name == bibtex::type_part) {
      change.type = value;
    } else {
      change.fields.push_back({name, bibtex::value_of(value)});
    }
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) change.fields.push_back({name, std::nullopt});
  }
  return change;
}

LabelledEdit labelled(bibtex::TextEdit edit, std::string key, std::string field, const char* reason) {
  LabelledEdit one;
  one.edit = std::move(edit);
  one.key = std::move(key);
  one.field = std::move(field);
  one.reason = reason;
  return one;
}

// Sorted; an edit that would begin before the one ahead of it ends is left out.
void settle(std::vector<LabelledEdit>& edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const LabelledEdit& a, const LabelledEdit& b) { return a.edit.span < b.edit.span; });
  std::uint32_t done = 0;
  std::erase_if(edits, [&](const LabelledEdit& one) {
    const bool overlaps = one.edit.span.begin < done;
    if (!overlaps) done = one.edit.span.end;
    return overlaps;
  });
}

}  // namespace

std::vector<LabelledEdit> sync_edits(const bibtex::Document& document,
                                     const std::vector<bibtex::MergedEntry>& merged) {
  const bibtex::Style style = bibtex::measure_style(document);
  std::vector<LabelledEdit> edits;
  std::vector<bibtex::Entry> new_entries;
  std::vector<bibtex::KeyRename> renames;
  for (const bibtex::MergedEntry& one : merged) {
    const std::optional<SharedEntry>& after = one.merge.file;
    if (after == one.in_file) continue;
    if (!one.block) {
      new_entries.push_back(bibtex::entry_of(*after));
      continue;
    }
    const bibtex::Block block = document.block(*one.block);
    const std::string key = part(after ? *after : *one.in_file, bibtex::key_part);
    if (!after) {
      for (bibtex::TextEdit& edit : bibtex::remove_entry(document, block))
        edits.push_back(labelled(std::move(edit), key, "", "sync.entry"));
      continue;
    }
    for (bibtex::FieldEdit& edit :
         bibtex::change_entry(document, block, change_of(*one.in_file, *after), style))
      edits.push_back(labelled(std::move(edit.edit), key, std::move(edit.field), "sync.field"));
    if (key != part(*one.in_file, bibtex::key_part)) renames.push_back({*one.block, key});
  }
  std::sort(renames.begin(), renames.end(),
            [](const bibtex::KeyRename& a, const bibtex::KeyRename& b) { return a.block < b.block; });
  if (!renames.empty()) {
    for (bibtex::TextEdit& edit : bibtex::rename_keys(document, renames))
      edits.push_back(labelled(std::move(edit), "", "", "sync.key"));
  }
  if (!new_entries.empty()) {
    for (bibtex::TextEdit& edit : bibtex::insert_entries(document, new_entries, style))
      edits.push_back(labelled(std::move(edit), "", "", "sync.entry"));
  }
  settle(edits);
  return edits;
}

}  // namespace bibsmith::plugin
