#include "plugin/session/dedupe.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/line_index.hpp"
#include "plugin/session/cited_change.hpp"
#include "plugin/session/unified_diff.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;

std::string key_of(const Document& document, std::uint32_t block) {
  return std::string(document.text(document.block(block).key));
}

// BibTeX has no second name for an entry.
void refuse_lost_keys(const Document& document, bibtex::MergePlan& merge) {
  const std::string kept = key_of(document, merge.kept);
  for (const std::uint32_t block : merge.removed) {
    const std::string key = key_of(document, block);
    if (key.empty() || key == kept) continue;
    merge.conflicts.push_back({"left.cited", key + " may be cited, and BibTeX knows one key for an entry: "
                                                   "name the TeX files with --tex"});
    return;
  }
}

DedupedGroup describe(const Document& document, const bibtex::LineIndex& lines,
                      bibtex::DuplicateGroup group) {
  DedupedGroup out;
  out.reason = group.reason;
  for (const std::uint32_t block : group.blocks) {
    const std::uint32_t begin = document.block(block).span.begin;
    const auto place = lines.position(document.text(), begin, bibtex::ColumnUnit::bytes);
    out.entries.push_back({key_of(document, block), place.line + std::size_t{1}, block == group.best});
  }
  out.differences = std::move(group.differences);
  return out;
}

void edit_group(const Document& document, const bibtex::MergePlan& merge, const bibtex::Style& style,
                std::vector<LabelledEdit>& edits) {
  const auto add = [&](bibtex::TextEdit edit, std::uint32_t block, std::string field, const char* reason) {
    LabelledEdit one;
    one.edit = std::move(edit);
    one.key = key_of(document, block);
    one.field = std::move(field);
    std::transform(one.field.begin(), one.field.end(), one.field.begin(), bibtex::lower);
    one.reason = reason;
    edits.push_back(std::move(one));
  };
  for (bibtex::FieldEdit& one :
       bibtex::change_entry(document, document.block(merge.kept), merge.change, style)) {
    add(std::move(one.edit), merge.kept, std::move(one.field), "dedupe.field");
  }
  for (const std::uint32_t block : merge.removed) {
    for (bibtex::TextEdit& edit : bibtex::remove_entry(document, document.block(block)))
      add(std::move(edit), block, "", "dedupe.entry");
  }
}

// Entries that named a removed one in crossref and the like name the one that stays.
void edit_references(const Document& document, std::vector<bibtex::KeyRename> renames,
                     std::vector<LabelledEdit>& edits) {
  std::sort(renames.begin(), renames.end(),
            [](const bibtex::KeyRename& a, const bibtex::KeyRename& b) { return a.block < b.block; });
  std::set<std::uint32_t> removed;
  for (const bibtex::KeyRename& rename : renames) removed.insert(rename.block);
  for (bibtex::TextEdit& edit : bibtex::rename_keys(document, renames)) {
    const Block block = document.block_at(edit.span.begin);
    if (removed.contains(block.index)) continue;
    LabelledEdit one;
    one.key = document.text(block.key);
    for (const bibtex::FieldNode& field : document.fields(block)) {
      if (field.value.begin <= edit.span.begin && edit.span.end <= field.value.end)
        one.field = document.text(field.name);
    }
    std::transform(one.field.begin(), one.field.end(), one.field.begin(), bibtex::lower);
    one.reason = "dedupe.reference";
    one.edit = std::move(edit);
    edits.push_back(std::move(one));
  }
}

// In order; where the blank lines that two removed entries take with them are the same, the first has them.
void sort_edits(std::vector<LabelledEdit>& edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const LabelledEdit& a, const LabelledEdit& b) {
    return a.edit.span.begin < b.edit.span.begin;
  });
  std::uint32_t done = 0;
  for (LabelledEdit& one : edits) {
    bibtex::Span& span = one.edit.span;
    if (span.begin < done && one.edit.new_text.empty()) span.begin = std::min(done, span.end);
    done = std::max(done, span.end);
  }
}

// Whether nothing but a comma and white space stands between two keys: they are of one list.
bool are_neighbours(std::string_view between) {
  std::size_t commas = 0;
  for (const char c : between) {
    if (c == ',') {
      ++commas;
    } else if (!bibtex::is_white_space(c)) {
      return false;
    }
  }
  return commas == 1;
}

std::string diff_of(const std::string& path, const std::string& text,
                    const std::vector<LabelledEdit>& edits) {
  if (edits.empty()) return {};
  std::vector<bibtex::TextEdit> text_edits;
  for (const LabelledEdit& one : edits) text_edits.push_back(one.edit);
  return unified_diff(path, text, text_edits);
}

}  // namespace

PlannedDedupe plan_dedupe(const Document& document, const DedupeRequest& request) {
  const bibtex::Macros macros(document);
  std::vector<bibtex::DuplicateGroup> groups = bibtex::find_duplicates(document, macros);
  PlannedDedupe plan;
  if (!request.only.empty()) {
    std::erase_if(groups, [&](const bibtex::DuplicateGroup& group) {
      return std::ranges::none_of(
          group.blocks, [&](std::uint32_t block) { return request.only.contains(key_of(document, block)); });
    });
  }
  if (groups.empty()) return plan;
  std::vector<bibtex::MergePlan> merges;
  if (request.merge) {
    const bibtex::Dialect dialect = bibtex::measure_dialect(document);
    const bool renames = !request.tex.empty();
    const bool has_ids = dialect == bibtex::Dialect::biblatex;
    merges = bibtex::plan_merges(document, macros, groups, {dialect, has_ids && !renames});
    if (!has_ids && !renames) {
      for (bibtex::MergePlan& merge : merges) refuse_lost_keys(document, merge);
    }
  }
  const bibtex::LineIndex lines(document.text());
  const bibtex::Style style = bibtex::measure_style(document);
  std::vector<bibtex::KeyRename> renames;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    DedupedGroup& group = plan.answer.groups.emplace_back(describe(document, lines, std::move(groups[i])));
    if (!request.merge) continue;
    bibtex::MergePlan& merge = merges[i];
    group.is_merged = merge.conflicts.empty();
    group.conflicts = std::move(merge.conflicts);
    if (!group.is_merged) continue;
    for (const auto& change : merge.change.fields) group.added.push_back(change.name);
    edit_group(document, merge, style, plan.edits);
    const std::string kept = key_of(document, merge.kept);
    for (const std::uint32_t block : merge.removed) {
      const std::string key = key_of(document, block);
      renames.push_back({block, kept});
      if (!key.empty() && key != kept) plan.new_keys.emplace(key, kept);
    }
  }
  if (!renames.empty()) edit_references(document, std::move(renames), plan.edits);
  sort_edits(plan.edits);
  return plan;
}

std::vector<LabelledEdit> edits_of_citations(
    std::string_view tex, const std::vector<bibtex::Span>& all,
    const std::map<std::string, std::string, std::less<>>& new_keys) {
  std::vector<LabelledEdit> edits;
  std::map<std::string, bool, std::less<>> cited;  // in this list, by the new key: whether it is new there
  std::uint32_t end = 0;                           // of the key before
  for (const bibtex::Span& span : all) {
    const bool is_next = end > 0 && are_neighbours(bibtex::Span{end, span.begin}.in(tex));
    if (!is_next) cited.clear();
    const auto key = new_keys.find(span.in(tex));
    const bool is_renamed = key != new_keys.end();
    const std::string now(is_renamed ? std::string_view(key->second) : span.in(tex));
    const auto [known, is_first] = cited.emplace(now, is_renamed);
    const bool is_twice = !is_first && (is_renamed || known->second);
    if (is_renamed || is_twice) {
      LabelledEdit one;
      one.edit = is_twice ? bibtex::TextEdit{{end, span.end}, ""} : bibtex::TextEdit{span, now};
      one.reason = "dedupe.citation";
      edits.push_back(std::move(one));
    }
    end = span.end;
  }
  return edits;
}

tl::expected<DedupeAnswer, FileError> dedupe(const DedupeRequest& request, const ChangeContext& context) {
  auto bib_text = read_existing(request.bib);
  if (!bib_text) return tl::unexpected(bib_text.error());
  const FileText bib = FileText::bib(std::move(*bib_text));
  if (const auto why = why_not_read(bib.document())) {
    return file_error(FileError::Code::refused, request.bib + ": " + *why);
  }
  PlannedDedupe plan = plan_dedupe(bib.document(), request);
  plan.answer.diff = diff_of(request.bib, bib.text(), plan.edits);
  for (const std::string& path : request.tex) {
    const auto tex = read_existing(path);
    if (!tex) return tl::unexpected(tex.error());
    const auto edits = edits_of_citations(*tex, request.find_citations(*tex), plan.new_keys);
    plan.answer.citations[path] = edits.size();
    plan.answer.diff += diff_of(path, *tex, edits);
  }
  if (request.only_plans || plan.edits.empty()) return std::move(plan.answer);

  CitedChange change;
  change.bib = request.bib;
  change.tex = request.tex;
  change.plan_bib = [&](const FileText& text) {
    if (text.text() != bib.text()) {  // another program changed it meanwhile
      auto citations = std::move(plan.answer.citations);
      plan = plan_dedupe(text.document(), request);
      plan.answer.citations = std::move(citations);
      plan.answer.diff = diff_of(request.bib, text, plan.edits);
    }
    return plan.edits;
  };
  change.plan_tex = [&](const std::string& path, const std::string& tex) {
    auto edits = edits_of_citations(tex, request.find_citations(tex), plan.new_keys);
    plan.answer.citations[path] = edits.size();
    return edits;
  };
  const auto changed = change_with_citations(change, "dedupe", context);
  if (!changed) return tl::unexpected(changed.error());
  plan.answer.changed = *changed;
  return std::move(plan.answer);
}

}  // namespace bibsmith::plugin
