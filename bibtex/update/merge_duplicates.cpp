#include "bibtex/update/merge_duplicates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/update/compared_entry.hpp"
#include "bibtex/update/left_alone.hpp"
#include "bibtex/update/same_value.hpp"

namespace bibsmith::bibtex {

namespace {

// More is no bibliography; the edits of an entry take the product of its fields and of those that come.
constexpr std::size_t added_fields_max = 500;
// So many reasons are enough to leave a group.
constexpr std::size_t conflicts_max = 20;

// Fields that hold citation keys of other entries; who inherits from whom is not for us to change.
bool refers(std::string_view name) {
  constexpr std::array names =
      std::to_array<std::string_view>({"crossref", "xref", "xdata", "related", "entryset"});
  return is_one_of(name, names);
}

// Where people and tools write that an entry is a preprint; see identify().
bool may_name_arxiv(std::string_view name) {
  constexpr std::array names = std::to_array<std::string_view>(
      {"journal", "volume", "number", "pages", "howpublished", "note", "publisher", "school", "type", "url",
       "ee", "link", "archive", "arxivid", "arxiv"});
  return is_one_of(name, names);
}

// When and in which state a preprint came out.
bool dates_preprint(std::string_view name) {
  constexpr std::array names =
      std::to_array<std::string_view>({"year", "month", "day", "pubstate", "version"});
  return is_one_of(name, names);
}

std::vector<std::string> keys_in(std::string_view list) {
  std::vector<std::string> keys;
  std::string key;
  for (const char c : list) {
    if (c == ',') {
      if (!key.empty()) keys.push_back(std::exchange(key, {}));
    } else if (!is_white_space(c)) {
      key += c;
    }
  }
  if (!key.empty()) keys.push_back(std::move(key));
  return keys;
}

// What is asked of all entries of a file, once.
struct Keys {
  std::unordered_map<std::string, std::uint32_t> entries;     // of each key in lower case
  std::unordered_map<std::string, std::uint32_t> last_child;  // the last block whose crossref names it
};

Keys keys_of(const Document& document, const Macros& macros) {
  Keys keys;
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::entry) continue;
    ++keys.entries[in_lower_case(document.text(block.key))];
    if (const auto parent = document.find_field(block, "crossref"))
      keys.last_child[in_lower_case(macros.value_text(document, *parent))] = block.index;
  }
  return keys;
}

// Says when and where a preprint came out, and nothing of a publication.
bool is_preprint(const ComparedEntry& entry) { return !entry.is_published && !entry.arxiv_id.empty(); }

// One group on its way to a plan.
class Merger {
 public:
  Merger(const Document& document, const Macros& macros, const MergeOptions& options, const Keys& keys)
      : document_(document), macros_(macros), options_(options), keys_(keys) {}

  MergePlan plan(const DuplicateGroup& group, const std::set<std::uint32_t>& broken);

 private:
  struct Known {
    std::string text;  // macros expanded
    std::string key;   // of the entry that says so
  };

  std::string key_of(std::uint32_t block) const {
    return std::string(document_.text(document_.block(block).key));
  }
  void conflict(std::string code, std::string message) {
    if (plan_.conflicts.size() == conflicts_max) return;
    plan_.conflicts.push_back({"left." + std::move(code), std::move(message)});
  }
  void read_kept();
  void take(const ComparedEntry& from);
  void take_field(const ComparedEntry& from, const FieldNode& field);
  bool is_needless(const ComparedEntry& from, std::string_view name, const std::string& text) const;
  Value value_for_kept(const FieldNode& field) const;
  void keep_arxiv_id(const std::string& arxiv_id);
  void check_keys(const DuplicateGroup& group);
  void name_ids();

  const Document& document_;
  const Macros& macros_;
  const MergeOptions& options_;
  const Keys& keys_;
  MergePlan plan_;
  ComparedEntry kept_;
  std::unordered_map<std::string, Known> known_;  // of the kept entry, by common name
};

void Merger::read_kept() {
  const Block block = document_.block(plan_.kept);
  kept_ = compared_entry(document_, macros_, block);
  for (const FieldNode& field : document_.fields(block)) {
    std::string text = macros_.value_text(document_, field);
    if (text.empty()) continue;
    known_.emplace(common_name(in_lower_case(document_.text(field.name))),
                   Known{std::move(text), key_of(plan_.kept)});
  }
}

// Whether the kept entry says it in another way, or has no use for it.
bool Merger::is_needless(const ComparedEntry& from, std::string_view name, const std::string& text) const {
  if (is_bookkeeping(name)) return true;
  if (is_preprint(from)) {
    if (kept_.is_published && dates_preprint(name)) return true;
    if (may_name_arxiv(name) && is_arxiv_name(text)) return true;
  }
  if (may_name_arxiv(name)) {
    const auto id = whole_id(text);
    if (id && id->base() == from.arxiv_id) return true;
  }
  const auto doi = name == "doi" || name == "url" ? Doi::parse(text) : std::nullopt;
  if (!doi) return false;
  if (const auto id = doi->arxiv_id())
    return (kept_.is_published || name == "url") && id->base() == from.arxiv_id;
  return name == "url" && (doi->canonical() == kept_.doi || doi->canonical() == from.doi);
}

// A macro that is not yet defined where the kept entry stands is written out.
Value Merger::value_for_kept(const FieldNode& field) const {
  Value value = to_value(document_, field);
  const std::uint32_t there = document_.block(plan_.kept).span.begin;
  const bool is_same = std::all_of(value.pieces.begin(), value.pieces.end(), [&](const Piece& piece) {
    return piece.kind != Piece::Kind::macro ||
           macros_.find(piece.text, there) == macros_.find(piece.text, field.value.begin);
  });
  return is_same ? value : Value::braced(macros_.value_text(document_, field));
}

void Merger::take_field(const ComparedEntry& from, const FieldNode& field) {
  const std::string written = in_lower_case(document_.text(field.name));
  const std::string name(common_name(written));
  if (name == "ids" || name == "bibsmith") return;
  const std::string text = macros_.value_text(document_, field);
  if (text.empty() || is_needless(from, name, text)) return;
  const auto known = known_.find(name);
  if (known != known_.end()) {
    if (same_value(name, known->second.text, text)) return;
    constexpr std::size_t shown_max = 60;
    const auto shown = [](const std::string& whole) {
      return whole.size() <= shown_max ? "'" + whole + "'" : std::string("a long text");
    };
    return conflict(name, name + " is " + shown(known->second.text) + " in " + known->second.key + " and " +
                              shown(text) + " in " + key_of(from.block));
  }
  if (refers(name))
    return conflict(name, key_of(from.block) + " has " + name + ", and " + key_of(plan_.kept) + " has not");
  if (plan_.change.fields.size() == added_fields_max) {
    return conflict("fields", key_of(plan_.kept) + " would get more than 500 fields");
  }
  plan_.change.fields.push_back({std::string(document_.text(field.name)), value_for_kept(field)});
  known_.emplace(name, Known{text, key_of(from.block)});
}

void Merger::take(const ComparedEntry& from) {
  const Block block = document_.block(from.block);
  using Kind = ComparedEntry::Kind;
  const std::string type = in_lower_case(document_.text(block.type));
  const std::string kept_type = in_lower_case(document_.text(document_.block(plan_.kept).type));
  // A report or a talk is no preprint: its number and its place would make a hybrid of a published entry.
  const bool may_differ = from.kind == Kind::any || (is_preprint(from) && type == "article");
  if (type != kept_type && !may_differ) {
    conflict("type",
             key_of(plan_.kept) + " is @" + kept_type + " and " + key_of(from.block) + " is @" + type);
  }
  std::set<std::string> seen;
  for (const FieldNode& field : document_.fields(block)) {
    if (seen.insert(in_lower_case(document_.text(field.name))).second) take_field(from, field);
  }
  if (kept_.arxiv_id.empty() && !from.arxiv_id.empty()) keep_arxiv_id(from.arxiv_id);
}

// The id that was in a journal's place goes with it, and needs another.
void Merger::keep_arxiv_id(const std::string& arxiv_id) {
  kept_.arxiv_id = arxiv_id;
  if (const auto eprint = known_.find("eprint"); eprint != known_.end()) {
    const auto id = whole_id(eprint->second.text);
    if (!id || id->base() != arxiv_id) {
      conflict("eprint", "eprint is '" + eprint->second.text + "' in " + eprint->second.key +
                             ", and another entry is arXiv:" + arxiv_id);
    }
    return;
  }
  const bool is_biblatex = options_.dialect == Dialect::biblatex;
  plan_.change.fields.push_back({"eprint", Value::braced(arxiv_id)});
  known_.emplace("eprint", Known{arxiv_id, key_of(plan_.kept)});
  if (known_.emplace("archiveprefix", Known{"arXiv", key_of(plan_.kept)}).second) {
    plan_.change.fields.push_back(is_biblatex ? EntryChange::Change{"eprinttype", Value::braced("arxiv")}
                                              : EntryChange::Change{"archiveprefix", Value::braced("arXiv")});
  }
}

void Merger::check_keys(const DuplicateGroup& group) {
  std::unordered_map<std::string, std::uint32_t> own;
  for (const std::uint32_t block : group.blocks) ++own[in_lower_case(key_of(block))];
  for (const auto& [key, count] : own) {
    const auto all = keys_.entries.find(key);
    if (!key.empty() && all != keys_.entries.end() && all->second != count)
      conflict("key", "another entry is called " + key + " too");
  }
  for (const std::uint32_t block : group.blocks) {
    for (const FieldNode& field : document_.fields(document_.block(block))) {
      if (!refers(in_lower_case(document_.text(field.name)))) continue;
      for (const std::string& key : keys_in(macros_.value_text(document_, field))) {
        if (own.contains(in_lower_case(key))) conflict("reference", key_of(block) + " refers to " + key);
      }
    }
    // BibTeX reads a parent only behind its children (btxdoc, section 2.1).
    if (options_.dialect != Dialect::bibtex || block == plan_.kept) continue;
    const auto child = keys_.last_child.find(in_lower_case(key_of(block)));
    if (child != keys_.last_child.end() && child->second > plan_.kept) {
      conflict("reference", key_of(child->second) + " refers to " + key_of(block) +
                                " and would stand behind its parent " + key_of(plan_.kept));
    }
  }
}

void Merger::name_ids() {
  const auto ids_of = [&](std::uint32_t block) {
    const auto field = document_.find_field(document_.block(block), "ids");
    return field ? keys_in(macros_.value_text(document_, *field)) : std::vector<std::string>();
  };
  std::vector<std::string> ids = ids_of(plan_.kept);
  const std::size_t before = ids.size();
  std::set<std::string> known(ids.begin(), ids.end());
  known.insert(key_of(plan_.kept));
  const auto add = [&](const std::string& id) {
    if (!id.empty() && known.insert(id).second) ids.push_back(id);
  };
  for (const std::uint32_t block : plan_.removed) {
    if (options_.adds_ids) add(key_of(block));
    for (const std::string& id : ids_of(block)) add(id);
  }
  if (ids.size() == before) return;
  std::string list;
  for (const std::string& id : ids) list += (list.empty() ? "" : ", ") + id;
  plan_.change.fields.push_back({"ids", Value::braced(std::move(list))});
}

MergePlan Merger::plan(const DuplicateGroup& group, const std::set<std::uint32_t>& broken) {
  plan_ = {};
  known_.clear();
  plan_.kept = group.best;
  for (const std::uint32_t block : group.blocks) {
    if (block != plan_.kept) plan_.removed.push_back(block);
    if (broken.contains(block)) {
      conflict("broken", key_of(block) + " is not well formed, see bibsmith check");
      return std::move(plan_);
    }
  }
  read_kept();
  for (const std::uint32_t block : plan_.removed)
    take(compared_entry(document_, macros_, document_.block(block)));
  check_keys(group);
  name_ids();
  return std::move(plan_);
}

}  // namespace

std::vector<MergePlan> plan_merges(const Document& document, const Macros& macros,
                                   const std::vector<DuplicateGroup>& groups, const MergeOptions& options) {
  std::vector<MergePlan> plans;
  if (groups.empty()) return plans;
  const std::set<std::uint32_t> broken = broken_blocks(document);
  const Keys keys = keys_of(document, macros);
  Merger merger(document, macros, options, keys);
  for (const DuplicateGroup& group : groups) plans.push_back(merger.plan(group, broken));
  return plans;
}

}  // namespace bibsmith::bibtex
