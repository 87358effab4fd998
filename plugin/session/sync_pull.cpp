#include "plugin/session/sync_pull.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/session/sync_base.hpp"
#include "plugin/session/sync_edits.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::MergedEntry;
using bibtex::NumberedEntry;
using bibtex::SharedEntry;
using Keys = std::set<std::string, std::less<>>;

// More are a whole sync's affair.
constexpr std::int64_t changes_max = 500;

std::string key_of(const SharedEntry& entry) {
  const auto found = entry.find(bibtex::key_part);
  return found == entry.end() ? std::string{} : found->second;
}

class Pull {
 public:
  Pull(const SyncRequest& request, fetchers::PostgresLibrary& library, const ChangeContext& context,
       const SettledSync& settled)
      : request_(request), library_(library), context_(context), settled_(settled) {}

  tl::expected<std::optional<SyncAnswer>, SyncError> run();

 private:
  // False: it is a whole sync's affair.
  tl::expected<bool, SyncError> read_library();
  tl::expected<bool, SyncError> read_base(SyncBase& bases);
  std::vector<MergedEntry> merge(const bibtex::Document& document) const;
  bool is_simple(const std::vector<MergedEntry>& merged) const;
  tl::expected<std::vector<LabelledEdit>, FileError> plan(const FileText& text, SyncBase& bases);
  void count(const std::vector<MergedEntry>& merged);

  const SyncRequest& request_;
  fetchers::PostgresLibrary& library_;
  const ChangeContext& context_;
  const SettledSync& settled_;
  SyncedPair pair_;
  std::vector<std::int64_t> numbers_;   // of the entries that changed
  std::vector<NumberedEntry> entries_;  // those that the library has
  std::vector<NumberedEntry> base_;
  Keys keys_;  // that they had or have, in lower case
  bool is_whole_needed_ = false;
  std::string final_text_;
  SyncAnswer answer_;
};

tl::expected<bool, SyncError> Pull::read_library() {
  auto state = library_.read_since(request_.library, settled_.revision, changes_max + 1);
  if (!state) return tl::unexpected(SyncError{state.error().message});
  if (std::cmp_greater(state->rows.size(), changes_max)) return false;
  answer_.revision = state->revision;
  answer_.role = state->role;
  for (const fetchers::LibraryRow& row : state->rows) {
    numbers_.push_back(row.number);
    if (row.text.empty()) continue;  // it is gone
    auto said = bibtex::read_shared_entry(row.text);
    if (!said) return false;
    keys_.insert(bibtex::in_lower_case(key_of(*said)));
    entries_.push_back({row.number, std::move(*said), {}});
  }
  return true;
}

tl::expected<bool, SyncError> Pull::read_base(SyncBase& bases) {
  auto agreed = bases.load(pair_, numbers_);
  if (!agreed) return tl::unexpected(SyncError{agreed.error()});
  if (!agreed->pushed.empty() || !agreed->pulled.empty()) return false;
  base_ = std::move(agreed->base);
  for (const NumberedEntry& one : base_)
    keys_.insert(bibtex::in_lower_case(one.file_key.empty() ? key_of(one.said) : one.file_key));
  return true;
}

// Entries of other keys are the same on both sides, as they were settled.
std::vector<MergedEntry> Pull::merge(const bibtex::Document& document) const {
  return bibtex::merge_library(base_, bibtex::shared_entries(document, keys_), entries_,
                               [](std::string_view) { return bibtex::Side::neither; });
}

// Each entry takes what the library has, and nothing goes the other way.
bool Pull::is_simple(const std::vector<MergedEntry>& merged) const {
  return std::ranges::all_of(merged, [](const MergedEntry& one) {
    return one.number != 0 && one.merge.conflicts.empty() && one.merge.library == one.in_library &&
           one.merge.file == one.in_library && (one.base.has_value() == one.in_file.has_value());
  });
}

void Pull::count(const std::vector<MergedEntry>& merged) {
  answer_.file = {};
  for (const MergedEntry& one : merged) {
    if (one.in_file == one.merge.file) continue;
    SyncedEntries& side = answer_.file;
    auto& list = !one.in_file ? side.added : !one.merge.file ? side.removed : side.changed;
    list.push_back(key_of(one.merge.file ? *one.merge.file : *one.in_file));
  }
}

tl::expected<std::vector<LabelledEdit>, FileError> Pull::plan(const FileText& text, SyncBase& bases) {
  const std::vector<MergedEntry> merged =
      text.text() == settled_.text ? merge(text.document()) : std::vector<MergedEntry>{};
  is_whole_needed_ = text.text() != settled_.text || !is_simple(merged);
  if (is_whole_needed_) return std::vector<LabelledEdit>{};
  count(merged);
  auto edits = sync_edits(text.document(), merged);
  std::vector<bibtex::TextEdit> bare;
  for (const LabelledEdit& one : edits) bare.push_back(one.edit);
  auto after = bibtex::apply_edits(text.text(), bare);
  if (!after) return file_error(FileError::Code::refused, request_.file + ": " + after.error().message);
  final_text_ = std::move(*after);
  // Who is killed now finds out by this what the file has of it (see SyncBase).
  if (!edits.empty()) {
    if (const auto saved = bases.save_pulled(pair_, entries_); !saved)
      return file_error(FileError::Code::unwritable, saved.error());
  }
  return edits;
}

tl::expected<std::optional<SyncAnswer>, SyncError> Pull::run() {
  pair_ = {canonical_path(request_.file), request_.store, request_.library};
  const auto read = read_library();
  if (!read) return tl::unexpected(read.error());
  if (!*read) return std::nullopt;
  if (numbers_.empty()) {
    answer_.settled_text = settled_.text;
    return std::move(answer_);
  }
  auto bases = SyncBase::open(context_.state_dir, context_.warn);
  if (!bases) return tl::unexpected(SyncError{bases.error()});
  const auto known = read_base(*bases);
  if (!known) return tl::unexpected(known.error());
  if (!*known) return std::nullopt;
  const auto changed =
      change_file(request_.file, "sync", context_, [&](const FileText& text) { return plan(text, *bases); });
  if (!changed) return tl::unexpected(SyncError{changed.error().message});
  if (is_whole_needed_) return std::nullopt;
  // What the file says now, and not what it was meant to say.
  std::vector<NumberedEntry> agreed;
  bool is_settled = true;
  for (const MergedEntry& one : merge(bibtex::Document::parse(final_text_))) {
    is_settled = is_settled && one.number != 0 && one.in_file == one.in_library;
    auto now = bibtex::agreed(one.base, one.in_file, one.in_library);
    if (one.number == 0 || !now) continue;
    std::string file_key = key_of(one.in_file ? *one.in_file : *now);
    agreed.push_back({one.number, std::move(*now), std::move(file_key)});
  }
  if (const auto saved = bases->save(pair_, numbers_, agreed); !saved)
    return tl::unexpected(SyncError{saved.error()});
  answer_.changed_file = *changed;
  if (is_settled) answer_.settled_text = std::move(final_text_);
  return std::move(answer_);
}

}  // namespace

tl::expected<std::optional<SyncAnswer>, SyncError> pull_changes(const SyncRequest& request,
                                                                fetchers::PostgresLibrary& library,
                                                                const ChangeContext& context,
                                                                const SettledSync& settled) {
  return Pull(request, library, context, settled).run();
}

}  // namespace bibsmith::plugin
