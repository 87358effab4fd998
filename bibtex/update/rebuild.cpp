#include "bibtex/update/rebuild.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/update/left_alone.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

namespace {

// What a record speaks of, in the words of both dialects. All other fields are the user's.
bool describes_work(std::string_view name) {
  constexpr std::array names = std::to_array<std::string_view>(
      {"address",      "archiveprefix",   "author",       "booktitle", "chapter",  "date",
       "doi",          "edition",         "editor",       "eid",       "eprint",   "eprintclass",
       "eprinttype",   "howpublished",    "institution",  "isbn",      "issn",     "issue",
       "journal",      "journalsubtitle", "journaltitle", "location",  "month",    "number",
       "organization", "pages",           "primaryclass", "publisher", "pubstate", "school",
       "series",       "subtitle",        "title",        "type",      "url",      "urldate",
       "version",      "volume",          "year"});
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return equal_ignoring_case(one, name); });
}

EntryChange change_to(const Document& document, const Macros& macros, const Block& entry,
                      const Entry& wanted) {
  EntryChange change;
  if (!equal_ignoring_case(document.text(entry.type), wanted.type)) change.type = wanted.type;
  std::vector<std::string> seen;
  for (const FieldNode& field : document.fields(entry)) {
    std::string name(document.text(field.name));
    std::string low = in_lower_case(name);
    if (std::find(seen.begin(), seen.end(), low) != seen.end()) continue;
    seen.push_back(low);
    const std::string value = macros.value_text(document, field);
    const Field* const now = wanted.find(low);
    if (now != nullptr) {
      // A macro that stands for the same text stays.
      const bool is_same = now->value.pieces.size() == 1 && now->value.pieces.front().text == value;
      if (!is_same) change.fields.push_back({std::move(name), now->value});
      continue;
    }
    // A note is the user's, but where it is another tool's place for the id.
    const bool says_id = low == "note" && whole_id(value).has_value();
    if (says_id || describes_work(low)) change.fields.push_back({std::move(name), std::nullopt});
  }
  for (const Field& field : wanted.fields) {
    if (std::find(seen.begin(), seen.end(), field.name) == seen.end()) {
      change.fields.push_back({field.name, field.value});
    }
  }
  return change;
}

}  // namespace

tl::expected<std::optional<TextEdit>, std::string> rebuild_entry(const Document& document, const Block& entry,
                                                                 const Record& record, const Entry& wanted) {
  const std::string key(document.text(entry.key));
  const Macros macros(document);
  if (is_opted_out(document, macros, entry)) return tl::unexpected(key + " is kept as it is");
  if (!entry.is_closed || broken_blocks(document).contains(entry.index)) {
    return tl::unexpected(key + " cannot be read for certain");
  }
  if (compare_work(work_said(document, macros, entry), record).other_work()) {
    return tl::unexpected("the paper of " + key + " is '" + record.title.substr(0, 80) +
                          "', another title by other authors");
  }
  std::vector<TextEdit> edits;
  for (FieldEdit& one :
       change_entry(document, entry, change_to(document, macros, entry, wanted), measure_style(document))) {
    edits.push_back(std::move(one.edit));
  }
  if (edits.empty()) return std::nullopt;
  for (TextEdit& edit : edits) {
    edit.span.begin -= entry.span.begin;
    edit.span.end -= entry.span.begin;
  }
  auto text = apply_edits(std::string(document.text(entry.span)), edits);
  if (!text) return tl::unexpected(key + " cannot be changed");
  return TextEdit{entry.span, *std::move(text)};
}

}  // namespace bibsmith::bibtex
