#include "plugin/session/sync.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "plugin/session/sync_base.hpp"
#include "plugin/session/sync_edits.hpp"
#include "plugin/session/unified_diff.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::MergedEntry;
using bibtex::NumberedEntry;
using bibtex::SharedEntry;

// Each time somebody else changed an entry between our reading and our changing.
constexpr int pushes_max = 100;
// Of two edits that meet one waits for another change.
constexpr int file_changes_max = 4;
// Fewer may go without a question.
constexpr std::size_t deletions_free = 10;

tl::unexpected<SyncError> sync_error(std::string message) {
  return tl::unexpected(SyncError{std::move(message)});
}

std::string key_of(const SharedEntry& entry) {
  const auto found = entry.find(bibtex::key_part);
  return found == entry.end() ? std::string{} : found->second;
}

std::string key_of(const MergedEntry& one) {
  const std::optional<SharedEntry>& said = one.in_file ? one.in_file : one.in_library;
  return said ? key_of(*said) : std::string{};
}

// What one sync works with.
class Sync {
 public:
  Sync(const SyncRequest& request, fetchers::PostgresLibrary& library, const ChangeContext& context)
      : request_(request), library_(library), context_(context) {}

  tl::expected<SyncAnswer, SyncError> run();

 private:
  struct Merged {
    std::vector<MergedEntry> entries;
    std::vector<std::string> problems;
  };

  SyncedPair pair() const { return {canonical_path(request_.file), request_.store, request_.library}; }
  tl::expected<void, SyncError> read_library();
  // What will be agreed on if the library takes the merge.
  static void add_pushed(const std::vector<MergedEntry>& merged, std::vector<NumberedEntry>& pushed);
  tl::expected<FileText, SyncError> read_text();
  Merged merge(const bibtex::Document& document) const;
  std::vector<fetchers::LibraryChange> changes_of(const std::vector<MergedEntry>& merged) const;
  tl::expected<void, SyncError> check_deletions(const std::vector<MergedEntry>& merged) const;
  // Until the library has what is new in the file.
  tl::expected<void, SyncError> push(SyncBase& bases);
  tl::expected<void, SyncError> change_file_once(SyncBase& bases, bool is_first, bool& changed);
  // What will be agreed on if the file takes the merge.
  static void add_pulled(const std::vector<MergedEntry>& merged, std::vector<NumberedEntry>& pulled);
  std::vector<NumberedEntry> next_base(const std::vector<MergedEntry>& merged) const;
  void tell_file(const Merged& merged, const bibtex::Document& document);
  void tell_library(const Merged& merged);

  const SyncRequest& request_;
  fetchers::PostgresLibrary& library_;
  const ChangeContext& context_;
  std::vector<NumberedEntry> base_;
  std::vector<NumberedEntry> pushed_;               // by us, now or when we were stopped
  std::vector<NumberedEntry> pulled_;               // likewise
  std::vector<NumberedEntry> entries_;              // of the library
  std::map<std::int64_t, std::int64_t> revisions_;  // of each of them
  std::size_t kept_back_ = 0;                       // changes that a reader cannot make
  std::string final_text_;
  SyncAnswer answer_;
};

void count(SyncedEntries& side, const std::optional<SharedEntry>& before,
           const std::optional<SharedEntry>& after) {
  if (before == after) return;
  std::vector<std::string>& list = !before ? side.added : !after ? side.removed : side.changed;
  list.push_back(key_of(after ? *after : *before));
}

tl::expected<void, SyncError> Sync::read_library() {
  auto state = library_.read(request_.library);
  if (!state) return sync_error(state.error().message);
  answer_.revision = state->revision;
  answer_.role = state->role;
  entries_.clear();
  revisions_.clear();
  for (const fetchers::LibraryRow& row : state->rows) {
    auto said = bibtex::read_shared_entry(row.text);
    // Taken for deleted it would go from the file too.
    if (!said) {
      return sync_error("entry " + std::to_string(row.number) + " of the library " + request_.library +
                        " was not written by bibsmith; nothing is changed");
    }
    entries_.push_back({row.number, std::move(*said), {}});
    revisions_[row.number] = row.revision;
  }
  bibtex::confirm_pushed(base_, pushed_, entries_);
  return {};
}

void Sync::add_pushed(const std::vector<MergedEntry>& merged, std::vector<NumberedEntry>& pushed) {
  for (const MergedEntry& one : merged) {
    if (one.merge.library == one.in_library || !one.merge.library) continue;
    auto said = bibtex::agreed(one.base, one.in_file, one.merge.library);
    if (said) pushed.push_back({one.in_library ? one.number : 0, std::move(*said), {}});
  }
}

void Sync::add_pulled(const std::vector<MergedEntry>& merged, std::vector<NumberedEntry>& pulled) {
  for (const MergedEntry& one : merged) {
    if (one.number == 0 || one.merge.file == one.in_file || !one.merge.file) continue;
    auto said = bibtex::agreed(one.base, one.merge.file, one.in_library);
    if (said) pulled.push_back({one.number, std::move(*said), {}});
  }
}

tl::expected<FileText, SyncError> Sync::read_text() {
  auto text = read_file(request_.file);
  if (!text) return sync_error(text.error().message);
  // A file that is gone did not lose its entries: it begins anew.
  if (!*text) {
    base_.clear();
    pushed_.clear();
    pulled_.clear();
  }
  FileText file = FileText::bib(text->value_or(std::string{}));
  if (const auto why = why_not_read(file.document())) return sync_error(request_.file + ": " + *why);
  return file;
}

Sync::Merged Sync::merge(const bibtex::Document& document) const {
  bibtex::FileEntries file = bibtex::shared_entries(document);
  const auto side_of = [&](std::string_view key) {
    const std::string name(key);
    if (request_.keep_file.contains(name)) return bibtex::Side::file;
    return request_.keep_library.contains(name) ? bibtex::Side::library : bibtex::Side::neither;
  };
  Merged merged;
  merged.entries = bibtex::merge_library(base_, file, entries_, side_of);
  for (const std::string& problem : file.problems) merged.problems.push_back(request_.file + ':' + problem);
  return merged;
}

std::vector<fetchers::LibraryChange> Sync::changes_of(const std::vector<MergedEntry>& merged) const {
  std::vector<fetchers::LibraryChange> changes;
  for (const MergedEntry& one : merged) {
    const std::optional<SharedEntry>& after = one.merge.library;
    if (after == one.in_library) continue;
    fetchers::LibraryChange change;
    change.number = one.in_library ? one.number : 0;  // one that they deleted is made anew
    if (const auto seen = revisions_.find(change.number); seen != revisions_.end())
      change.seen = seen->second;
    if (after) change.key = key_of(*after);
    if (after) change.text = bibtex::write_shared_entry(*after);
    changes.push_back(std::move(change));
  }
  // Keys that become free, before those that take them.
  std::stable_partition(changes.begin(), changes.end(), [](const auto& one) { return !one.text; });
  return changes;
}

tl::expected<void, SyncError> Sync::check_deletions(const std::vector<MergedEntry>& merged) const {
  const auto is_deletion = [](const MergedEntry& one) { return one.in_library && !one.merge.library; };
  const auto deletions = static_cast<std::size_t>(std::count_if(merged.begin(), merged.end(), is_deletion));
  const bool is_emptied =
      std::none_of(merged.begin(), merged.end(), [](const MergedEntry& one) { return one.in_file; });
  const bool is_most = deletions * 2 > entries_.size() && (deletions > deletions_free || is_emptied);
  if (request_.may_delete_most || !is_most) return {};
  return sync_error(request_.file + " lacks " + std::to_string(deletions) + " of " +
                    std::to_string(entries_.size()) + " entries of the library " + request_.library +
                    "; nothing is changed: --delete lets them go");
}

tl::expected<void, SyncError> Sync::push(SyncBase& bases) {
  for (int round = 0; round < pushes_max; ++round) {
    const auto text = read_text();
    if (!text) return tl::unexpected(text.error());
    if (auto read = read_library(); !read) return read;
    const Merged merged = merge(text->document());
    const auto changes = changes_of(merged.entries);
    tell_library(merged);
    if (request_.only_plans) tell_file(merged, text->document());
    if (changes.empty() || request_.only_plans) return {};
    if (answer_.role == "reader") {
      answer_.library = {};
      kept_back_ = changes.size();
      return {};
    }
    if (auto may = check_deletions(merged.entries); !may) return may;
    if (context_.stop.stop_requested()) return sync_error("interrupted; nothing is changed");
    add_pushed(merged.entries, pushed_);
    if (const auto saved = bases.save_pushed(pair(), pushed_); !saved) return sync_error(saved.error());
    const auto changed = library_.change(request_.library, changes);
    if (changed) {
      answer_.changed_library = true;
      return read_library();
    }
    if (changed.error().code != fetchers::LibraryError::Code::stale)
      return sync_error(changed.error().message);
  }
  return sync_error("the library " + request_.library + " changes faster than it can be merged; try again");
}

void Sync::tell_library(const Merged& merged) {
  answer_.library = {};
  for (const MergedEntry& one : merged.entries) count(answer_.library, one.in_library, one.merge.library);
}

void Sync::tell_file(const Merged& merged, const bibtex::Document& document) {
  answer_.problems = merged.problems;
  if (kept_back_ > 0) {
    answer_.problems.push_back("a reader changes nothing in the library " + request_.library + ": " +
                               std::to_string(kept_back_) + " changed entries stay in the file alone");
  }
  answer_.conflicts.clear();
  answer_.file = {};
  for (const MergedEntry& one : merged.entries) {
    if (!one.merge.conflicts.empty()) answer_.conflicts.push_back({key_of(one), one.merge.conflicts});
    count(answer_.file, one.in_file, one.merge.file);
  }
  std::vector<bibtex::TextEdit> edits;
  for (LabelledEdit& one : sync_edits(document, merged.entries)) edits.push_back(std::move(one.edit));
  answer_.diff = unified_diff(request_.file, document.text(), edits);
}

tl::expected<void, SyncError> Sync::change_file_once(SyncBase& bases, bool is_first, bool& changed) {
  const auto plan = [&](const FileText& text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
    const Merged merged = merge(text.document());
    if (is_first) tell_file(merged, text.document());
    auto edits = sync_edits(text.document(), merged.entries);
    std::vector<bibtex::TextEdit> bare;
    for (const LabelledEdit& one : edits) bare.push_back(one.edit);
    auto after = bibtex::apply_edits(text.text(), bare);
    if (!after) return file_error(FileError::Code::refused, request_.file + ": " + after.error().message);
    final_text_ = std::move(*after);
    if (edits.empty()) return edits;
    add_pulled(merged.entries, pulled_);
    if (auto saved = bases.save_pulled(pair(), pulled_); !saved)
      return file_error(FileError::Code::unwritable, saved.error());
    return edits;
  };
  const auto done = change_file(request_.file, "sync", context_, plan);
  if (!done) return sync_error(done.error().message);
  changed = *done;
  answer_.changed_file = answer_.changed_file || changed;
  return {};
}

// What the sides agree on now. An entry that could not be read in the file keeps what it had.
std::vector<NumberedEntry> Sync::next_base(const std::vector<MergedEntry>& merged) const {
  std::vector<NumberedEntry> next;
  std::set<std::int64_t> seen;
  for (const MergedEntry& one : merged) {
    if (one.number == 0) continue;
    seen.insert(one.number);
    auto now = bibtex::agreed(one.base, one.in_file, one.in_library);
    if (!now) continue;
    std::string file_key = one.in_file ? key_of(*one.in_file) : key_of(*now);
    next.push_back({one.number, std::move(*now), std::move(file_key)});
  }
  for (const NumberedEntry& old : base_) {
    if (!seen.contains(old.number) && revisions_.contains(old.number)) next.push_back(old);
  }
  return next;
}

tl::expected<SyncAnswer, SyncError> Sync::run() {
  auto bases = SyncBase::open(context_.state_dir, context_.warn);
  if (!bases) return sync_error(bases.error());
  auto base = bases->load(pair());
  if (!base) return sync_error(base.error());
  base_ = std::move(base->base);
  pushed_ = std::move(base->pushed);
  pulled_ = std::move(base->pulled);
  if (!pulled_.empty()) {
    const auto text = read_text();
    if (!text) return tl::unexpected(text.error());
    bibtex::confirm_pulled(base_, pulled_, bibtex::shared_entries(text->document()));
  }
  if (auto pushed = push(*bases); !pushed) return tl::unexpected(pushed.error());
  if (request_.only_plans) return std::move(answer_);
  bool changed = true;
  for (int round = 0; changed && round < file_changes_max; ++round) {
    if (auto done = change_file_once(*bases, round == 0, changed); !done) return tl::unexpected(done.error());
  }
  const auto after = bibtex::Document::parse(final_text_);
  const Merged last = merge(after);
  // Both sides are as they should be; only now may the base say so.
  if (const auto saved = bases->save(pair(), next_base(last.entries)); !saved) {
    return sync_error(saved.error());
  }
  if (changes_of(last.entries).empty()) answer_.settled_text = std::move(final_text_);
  return std::move(answer_);
}

}  // namespace

tl::expected<SyncAnswer, SyncError> sync_file(const SyncRequest& request, fetchers::PostgresLibrary& library,
                                              const ChangeContext& context) {
  return Sync(request, library, context).run();
}

}  // namespace bibsmith::plugin
