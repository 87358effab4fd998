#include "bibtex/edit/rename_keys.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// Fields that hold citation keys, one or several with commas between them (biblatex manual, section 2.2.3).
// `ids` holds further names of the entry itself, which stay.
constexpr std::array key_fields =
    std::to_array<std::string_view>({"crossref", "xref", "xdata", "related", "entryset"});

bool holds_keys(std::string_view name) {
  return std::any_of(key_fields.begin(), key_fields.end(),
                     [&](std::string_view one) { return equal_ignoring_case(name, one); });
}

const KeyRename* find_rename(const std::vector<KeyRename>& renames, std::uint32_t block) {
  const auto found =
      std::lower_bound(renames.begin(), renames.end(), block,
                       [](const KeyRename& one, std::uint32_t wanted) { return one.block < wanted; });
  return found != renames.end() && found->block == block ? &*found : nullptr;
}

// Whether `key` is `wanted` and one or two letters that disambiguate() put behind it.
bool is_disambiguated(std::string_view key, std::string_view wanted) {
  if (!key.starts_with(wanted)) return false;
  const std::string_view suffix = key.substr(wanted.size());
  return !suffix.empty() && suffix.size() <= 2 &&
         std::all_of(suffix.begin(), suffix.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// The spans of the keys in a list with commas.
std::vector<Span> keys_in(std::string_view text, Span list) {
  std::vector<Span> keys;
  for (std::uint32_t at = list.begin; at < list.end;) {
    std::uint32_t end = at;
    while (end < list.end && text[end] != ',') ++end;
    Span key{at, end};
    while (key.begin < key.end && is_white_space(text[key.begin])) ++key.begin;
    while (key.begin < key.end && is_white_space(text[key.end - 1])) --key.end;
    if (!key.empty()) keys.push_back(key);
    at = end + 1;
  }
  return keys;
}

}  // namespace

std::vector<TextEdit> rename_keys(const Document& document, const std::vector<KeyRename>& renames) {
  std::vector<TextEdit> edits;
  const auto add = [&](Span span, const std::string& new_key) {
    if (document.text(span) != new_key) edits.push_back(TextEdit{span, new_key});
  };
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::entry) continue;
    if (const KeyRename* rename = find_rename(renames, block.index);
        rename != nullptr && !block.key.empty()) {
      add(block.key, rename->new_key);
    }
    for (const FieldNode& field : document.fields(block)) {
      if (!holds_keys(document.text(field.name))) continue;
      const std::vector<PieceNode> pieces = document.pieces(field);
      if (pieces.size() != 1 || pieces[0].kind == PieceKind::macro) continue;
      for (const Span& key : keys_in(document.text(), pieces[0].inner)) {
        const std::optional<Block> target = document.find(document.text(key));
        const KeyRename* rename = target ? find_rename(renames, target->index) : nullptr;
        if (rename != nullptr) add(key, rename->new_key);
      }
    }
  }
  return edits;
}

KeyPlan plan_keys(const Document& document, const KeyPattern& pattern, Dialect dialect) {
  const Macros macros(document);
  const std::vector<Block> entries = document.entries();
  std::vector<std::string> wanted;
  std::map<std::string, std::size_t> uses;  // of each wanted key, in lower case
  for (const Block& block : entries) {
    wanted.push_back(pattern.key(resolve_entry(document, macros, block, dialect)));
    ++uses[in_lower_case(wanted.back())];
  }
  KeyPlan plan;
  std::set<std::string> taken;
  std::map<std::string, std::size_t> tried;  // suffixes of each wanted key, so that none is tried twice
  std::vector<bool> keeps(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string_view key = document.text(entries[i].key);
    const bool is_named = !wanted[i].empty() && !entries[i].key.empty();
    if (!is_named) plan.unnamed.push_back(entries[i].index);
    const bool is_shared = is_named && uses[in_lower_case(wanted[i])] > 1;
    const bool is_right = key == wanted[i] || (is_shared && is_disambiguated(key, wanted[i]));
    if (!is_named || is_right) keeps[i] = !is_named || taken.insert(in_lower_case(key)).second;
    if (!is_named) taken.insert(in_lower_case(key));
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (keeps[i]) continue;
    const auto is_taken = [&](std::string_view candidate) {
      return taken.contains(in_lower_case(candidate));
    };
    std::string key = disambiguate(wanted[i], is_taken, tried[in_lower_case(wanted[i])]);
    taken.insert(in_lower_case(key));
    if (key != document.text(entries[i].key)) plan.renames.push_back({entries[i].index, std::move(key)});
  }
  return plan;
}

}  // namespace bibsmith::bibtex
