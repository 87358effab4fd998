#include "plugin/session/library_undo.hpp"

#include <map>
#include <optional>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::SharedEntry;
using fetchers::LibraryChange;
using fetchers::LibraryError;
using fetchers::LibraryEvent;

constexpr int tries_max = 100;
constexpr std::int64_t events_max = 100'000;  // of one change

tl::unexpected<LibraryError> failed(std::string message) {
  return tl::unexpected(LibraryError{LibraryError::Code::failed, std::move(message)});
}

std::string key_of(const SharedEntry& entry) {
  const auto found = entry.find(bibtex::key_part);
  return found == entry.end() ? std::string{} : found->second;
}

// What is done about all entries of a change, in the library as it is now.
struct Plan {
  std::vector<LibraryChange> changes;
  LibraryUndoAnswer answer;
};

class Undo {
 public:
  explicit Undo(const fetchers::LibraryState& state) {
    for (const fetchers::LibraryRow& row : state.rows) {
      rows_[row.number] = &row;
      if (const auto said = bibtex::read_shared_entry(row.text))
        numbers_[bibtex::in_lower_case(key_of(*said))] = row.number;
    }
  }

  // An error: a text that bibsmith did not write.
  bool add(const LibraryEvent& event) {
    std::optional<SharedEntry> made;
    std::optional<SharedEntry> before;
    std::optional<SharedEntry> now;
    const auto row = rows_.find(event.entry);
    if (!read(event.new_text, made) || !read(event.old_text, before)) return false;
    if (row != rows_.end() && !read(row->second->text, now)) return false;
    bibtex::EntryMerge merge = bibtex::merge_entry(made, before, now, bibtex::Side::neither);
    const std::optional<SharedEntry>& after = merge.library;
    const std::string key = after ? key_of(*after) : now ? key_of(*now) : before ? key_of(*before) : "";
    if (after != now && after && is_taken(key, event.entry)) {
      merge.conflicts = {{std::string(bibtex::key_part), std::nullopt, key, key}};
    } else if (after != now) {
      change(event, row == rows_.end() ? 0 : row->second->revision, now, after, key);
    }
    if (!merge.conflicts.empty()) plan_.answer.conflicts.push_back({key, std::move(merge.conflicts)});
    plan_.answer.person = event.person;
    return true;
  }

  Plan take() { return std::move(plan_); }

 private:
  static bool read(const std::optional<std::string>& text, std::optional<SharedEntry>& said) {
    if (!text) return true;
    auto entry = bibtex::read_shared_entry(*text);
    if (!entry) return false;
    said = std::move(*entry);
    return true;
  }

  // By another entry than the one that is changed.
  bool is_taken(const std::string& key, std::int64_t number) const {
    const auto owner = numbers_.find(bibtex::in_lower_case(key));
    return owner != numbers_.end() && owner->second != number;
  }

  void change(const LibraryEvent& event, std::int64_t seen, const std::optional<SharedEntry>& now,
              const std::optional<SharedEntry>& after, const std::string& key) {
    LibraryChange one;
    one.number = now ? event.entry : 0;  // one that was deleted is made anew
    one.seen = now ? seen : 0;
    if (after) one.key = key;
    if (after) one.text = bibtex::write_shared_entry(*after);
    plan_.changes.push_back(std::move(one));
    SyncedEntries& done = plan_.answer.library;
    (!now ? done.added : !after ? done.removed : done.changed).push_back(key);
  }

  std::map<std::int64_t, const fetchers::LibraryRow*> rows_;
  std::map<std::string, std::int64_t> numbers_;  // by citation key in lower case
  Plan plan_;
};

}  // namespace

tl::expected<LibraryUndoAnswer, LibraryError> undo_library_change(fetchers::PostgresLibrary& library,
                                                                  const std::string& name,
                                                                  std::int64_t revision, bool only_plans) {
  const auto events = library.history(name, {.events_max = events_max, .revision = revision});
  if (!events) return tl::unexpected(events.error());
  if (events->empty()) {
    return failed("the library " + name + " has no change " + std::to_string(revision));
  }
  for (int round = 0; round < tries_max; ++round) {
    const auto state = library.read(name);
    if (!state) return tl::unexpected(state.error());
    Undo undo(*state);
    for (const LibraryEvent& event : *events) {
      if (!undo.add(event)) return failed("the library " + name + " has entries that bibsmith did not write");
    }
    Plan plan = undo.take();
    plan.answer.revision = state->revision;
    if (only_plans || plan.changes.empty()) return std::move(plan.answer);
    const auto changed = library.change(name, plan.changes);
    if (changed) {
      plan.answer.revision = *changed;
      return std::move(plan.answer);
    }
    if (changed.error().code != LibraryError::Code::stale) return tl::unexpected(changed.error());
  }
  return failed("the library " + name + " changes faster than it can be merged; try again");
}

}  // namespace bibsmith::plugin
