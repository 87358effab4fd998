#include "bibtex/merge/merge_library.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Part = std::optional<std::string>;

Part part_in(const SharedEntry& entry, std::string_view name) {
  const auto found = entry.find(name);
  return found == entry.end() ? Part{} : Part(found->second);
}

Part part_in(const std::optional<SharedEntry>& entry, std::string_view name) {
  return entry ? part_in(*entry, name) : Part{};
}

void put(SharedEntry& entry, const std::string& name, const Part& value) {
  if (value) {
    entry[name] = *value;
  } else {
    entry.erase(name);
  }
}

std::set<std::string> names_in(std::initializer_list<const SharedEntry*> entries) {
  std::set<std::string> names;
  for (const SharedEntry* entry : entries) {
    if (entry == nullptr) continue;
    for (const auto& [name, value] : *entry) names.insert(name);
  }
  return names;
}

const SharedEntry* pointer_to(const std::optional<SharedEntry>& entry) { return entry ? &*entry : nullptr; }

// One side deleted the entry, and the other has it.
EntryMerge merge_deleted(const std::optional<SharedEntry>& base, const std::optional<SharedEntry>& file,
                         const std::optional<SharedEntry>& library, Side side) {
  const std::optional<SharedEntry>& left = file ? file : library;
  // New on one side, or deleted on the other without a change here.
  if (!base) return {left, left, {}};
  if (*base == *left) return {};
  if (side != Side::neither) {
    const std::optional<SharedEntry>& kept = side == Side::file ? file : library;
    return {kept, kept, {}};
  }
  const auto text = [](const std::optional<SharedEntry>& entry) {
    return entry ? Part(write_shared_entry(*entry)) : Part{};
  };
  return {file, library, {{"", text(base), text(file), text(library)}}};
}

std::string key_of(const SharedEntry& entry) {
  const auto found = entry.find(key_part);
  return found == entry.end() ? std::string{} : found->second;
}

SharedEntry without_key(SharedEntry entry) {
  entry.erase(std::string(key_part));
  return entry;
}

// Finds the entries of a file, each for one entry of the library at most.
class Claims {
 public:
  explicit Claims(const std::vector<FileEntry>& file) : file_(file), is_claimed_(file.size(), false) {
    for (std::size_t i = 0; i < file.size(); ++i) by_key_.emplace(key_of(file[i].said), i);
  }

  const FileEntry* claim(const std::string& key) {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : claim(found->second);
  }
  // Whose key alone is another, and none of `others` (in lower case).
  const FileEntry* claim_renamed(const SharedEntry& base, const std::set<std::string>& others) {
    if (by_content_.empty()) {
      for (std::size_t i = 0; i < file_.size(); ++i) {
        if (!is_claimed_[i]) by_content_.emplace(write_shared_entry(without_key(file_[i].said)), i);
      }
    }
    const auto found = by_content_.find(write_shared_entry(without_key(base)));
    if (found == by_content_.end() || others.contains(in_lower_case(key_of(file_[found->second].said))))
      return nullptr;
    return claim(found->second);
  }
  template <typename Use>
  void each_left(const Use& use) {
    for (std::size_t i = 0; i < file_.size(); ++i) {
      if (!is_claimed_[i]) use(file_[i]);
    }
  }

 private:
  const FileEntry* claim(std::size_t i) {
    if (is_claimed_[i]) return nullptr;
    is_claimed_[i] = true;
    return &file_[i];
  }

  const std::vector<FileEntry>& file_;
  std::vector<bool> is_claimed_;
  std::map<std::string, std::size_t> by_key_;
  std::map<std::string, std::size_t> by_content_;  // without the key; of those that no key found
};

// Two entries of a side cannot have one key: who has it and stays keeps it, the other is left as it was, and
// told.
template <typename Before, typename After>
void refuse_taken_keys(std::vector<MergedEntry>& merged, const Before& before, const After& after) {
  std::map<std::string, const MergedEntry*> owners;  // by the key in lower case
  for (MergedEntry& one : merged) {
    if (before(one) && after(one.merge)) owners.emplace(in_lower_case(key_of(*before(one))), &one);
  }
  for (MergedEntry& one : merged) {
    std::optional<SharedEntry>& wanted = after(one.merge);
    if (!wanted) continue;
    const auto [owner, is_new] = owners.emplace(in_lower_case(key_of(*wanted)), &one);
    if (is_new || owner->second == &one) continue;
    PartConflict conflict{std::string(key_part), part_in(one.base, key_part), part_in(one.in_file, key_part),
                          part_in(one.in_library, key_part)};
    one.merge.conflicts.push_back(std::move(conflict));
    if (before(one)) {
      (*wanted)[std::string(key_part)] = key_of(*before(one));
    } else {
      wanted.reset();
    }
  }
}

// A base in which parts become agreed on.
class Confirmed {
 public:
  explicit Confirmed(std::vector<NumberedEntry>& base) : base_(base) {
    for (std::size_t i = 0; i < base.size(); ++i) places_.emplace(base[i].number, i);
    known_ = base.size();
  }

  // Before anything was added.
  bool knew(std::int64_t number) const {
    const auto place = places_.find(number);
    return place != places_.end() && place->second < known_;
  }
  // `sent` is agreed on as far as the side that it was sent to has it.
  void add(std::int64_t number, const SharedEntry& sent, const SharedEntry& there) {
    const auto [place, is_new] = places_.emplace(number, base_.size());
    if (is_new) base_.push_back({number, {}, key_of(sent)});
    NumberedEntry& agreed_on = base_[place->second];
    for (const std::string& name : names_in({&sent, &there, &agreed_on.said})) {
      const Part part = part_in(sent, name);
      if (part != part_in(there, name)) continue;
      put(agreed_on.said, name, part);
      if (name == key_part && part) agreed_on.file_key = *part;
    }
  }

 private:
  std::vector<NumberedEntry>& base_;
  std::map<std::int64_t, std::size_t> places_;
  std::size_t known_ = 0;
};

}  // namespace

EntryMerge merge_entry(const std::optional<SharedEntry>& base, const std::optional<SharedEntry>& file,
                       const std::optional<SharedEntry>& library, Side side) {
  if (!file && !library) return {};
  if (!file || !library) return merge_deleted(base, file, library, side);
  EntryMerge merge{file, library, {}};
  for (const std::string& name : names_in({pointer_to(base), pointer_to(file), pointer_to(library)})) {
    const Part old = part_in(base, name);
    const Part mine = part_in(file, name);
    const Part theirs = part_in(library, name);
    const bool is_conflict = mine != theirs && mine != old && theirs != old;
    if (is_conflict && side == Side::neither) {
      merge.conflicts.push_back({name, old, mine, theirs});
      continue;
    }
    const bool takes_file = is_conflict ? side == Side::file : theirs == old;
    const Part& now = takes_file ? mine : theirs;
    put(*merge.file, name, now);
    put(*merge.library, name, now);
  }
  return merge;
}

std::optional<SharedEntry> agreed(const std::optional<SharedEntry>& base,
                                  const std::optional<SharedEntry>& file,
                                  const std::optional<SharedEntry>& library) {
  if (!file && !library) return std::nullopt;
  if (!file || !library) return base;
  SharedEntry now = base ? *base : SharedEntry{};
  for (const std::string& name : names_in({pointer_to(base), pointer_to(file), pointer_to(library)})) {
    const Part mine = part_in(file, name);
    if (mine == part_in(library, name)) put(now, name, mine);
  }
  return now;
}

void confirm_pushed(std::vector<NumberedEntry>& base, const std::vector<NumberedEntry>& pushed,
                    const std::vector<NumberedEntry>& library) {
  std::map<std::int64_t, const SharedEntry*> by_number;
  std::map<std::string, std::int64_t> by_key;
  for (const NumberedEntry& theirs : library) {
    by_number.emplace(theirs.number, &theirs.said);
    by_key.emplace(key_of(theirs.said), theirs.number);
  }
  Confirmed confirmed(base);
  for (const NumberedEntry& one : pushed) {
    std::int64_t number = one.number;
    if (number == 0) {
      const auto found = by_key.find(key_of(one.said));
      if (found == by_key.end() || confirmed.knew(found->second)) continue;
      number = found->second;
    }
    const auto theirs = by_number.find(number);
    if (theirs != by_number.end()) confirmed.add(number, one.said, *theirs->second);
  }
}

void confirm_pulled(std::vector<NumberedEntry>& base, const std::vector<NumberedEntry>& pulled,
                    const FileEntries& file) {
  std::map<std::string, const SharedEntry*> by_key;
  for (const FileEntry& mine : file.entries) by_key.emplace(key_of(mine.said), &mine.said);
  Confirmed confirmed(base);
  for (const NumberedEntry& one : pulled) {
    const auto mine = by_key.find(key_of(one.said));
    if (mine != by_key.end()) confirmed.add(one.number, one.said, *mine->second);
  }
}

std::vector<MergedEntry> merge_library(const std::vector<NumberedEntry>& base, const FileEntries& file,
                                       const std::vector<NumberedEntry>& library,
                                       const std::function<Side(std::string_view key)>& side_of) {
  std::map<std::int64_t, const NumberedEntry*> in_library;
  for (const NumberedEntry& one : library) in_library.emplace(one.number, &one);
  std::set<std::int64_t> known;
  Claims claims(file.entries);
  std::vector<MergedEntry> merged;
  const auto add = [&](std::int64_t number, const SharedEntry* old, const FileEntry* mine,
                       const NumberedEntry* theirs) {
    MergedEntry& one = merged.emplace_back();
    one.number = number;
    if (mine != nullptr) one.block = mine->block;
    if (mine != nullptr) one.in_file = mine->said;
    if (theirs != nullptr) one.in_library = theirs->said;
    if (old != nullptr) one.base = *old;
  };
  const auto find_theirs = [&](std::int64_t number) {
    const auto found = in_library.find(number);
    return found == in_library.end() ? nullptr : found->second;
  };

  for (const NumberedEntry& old : base) known.insert(old.number);
  std::set<std::string> keys;  // of the library, in lower case
  for (const NumberedEntry& theirs : library) keys.insert(in_lower_case(key_of(theirs.said)));
  const std::set<std::string> no_keys;
  std::vector<const NumberedEntry*> not_found;  // under the key that they had
  for (const NumberedEntry& old : base) {
    const std::string file_key = old.file_key.empty() ? key_of(old.said) : old.file_key;
    // Deleted in the library and made anew: what was agreed on is of no use.
    if (find_theirs(old.number) == nullptr && keys.contains(in_lower_case(file_key))) continue;
    const FileEntry* mine = claims.claim(file_key);
    if (mine == nullptr) {
      not_found.push_back(&old);
    } else {
      add(old.number, &old.said, mine, find_theirs(old.number));
    }
  }
  for (const NumberedEntry* old : not_found) {
    const NumberedEntry* theirs = find_theirs(old->number);
    // A file that took the new key of the library, when that was the last that happened.
    const FileEntry* mine = theirs != nullptr ? claims.claim(key_of(theirs->said)) : nullptr;
    // What the library deleted is not what it has under another key, though both say the same.
    if (mine == nullptr) mine = claims.claim_renamed(old->said, theirs == nullptr ? keys : no_keys);
    if (mine == nullptr && !file.is_whole()) continue;  // it may stand where nobody could read
    add(old->number, &old->said, mine, theirs);
  }
  for (const NumberedEntry& theirs : library) {
    if (known.contains(theirs.number)) continue;
    add(theirs.number, nullptr, claims.claim(key_of(theirs.said)), &theirs);
  }
  claims.each_left([&](const FileEntry& mine) { add(0, nullptr, &mine, nullptr); });

  for (MergedEntry& one : merged) {
    const std::string key = key_of(one.in_file      ? *one.in_file
                                   : one.in_library ? *one.in_library
                                                    : SharedEntry{});
    one.merge = merge_entry(one.base, one.in_file, one.in_library, side_of(key));
  }
  refuse_taken_keys(
      merged, [](const MergedEntry& one) -> const std::optional<SharedEntry>& { return one.in_file; },
      [](EntryMerge& merge) -> std::optional<SharedEntry>& { return merge.file; });
  refuse_taken_keys(
      merged, [](const MergedEntry& one) -> const std::optional<SharedEntry>& { return one.in_library; },
      [](EntryMerge& merge) -> std::optional<SharedEntry>& { return merge.library; });
  return merged;
}

}  // namespace bibsmith::bibtex
