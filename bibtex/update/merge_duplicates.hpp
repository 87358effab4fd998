#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/update/duplicates.hpp"

namespace bibsmith::bibtex {

// Why a group is not merged.
struct MergeConflict {
  std::string code;     // stable: "left.year" (a field), "left.key", "left.reference", "left.broken"
  std::string message;  // one line: "year is 2017 in a and 2019 in b"
};

// What merging a group does: the best entry gets the fields that it lacks, the others go.
struct MergePlan {
  std::uint32_t kept = 0;                // block
  std::vector<std::uint32_t> removed;    // blocks, in order
  EntryChange change;                    // of the kept entry; added fields only
  std::vector<MergeConflict> conflicts;  // not empty: the group stays as it is
};

struct MergeOptions {
  Dialect dialect = Dialect::bibtex;
  bool adds_ids = false;  // the keys that go become further names of the entry that stays (biblatex's `ids`)
};

// Plans the merging of each group of find_duplicates(). Nothing that somebody wrote is lost: a value that
// goes is in the kept entry too (in another spelling perhaps), or was written by a program about the entry
// (timestamps and the like), or tells when and where the preprint of a published entry came out. Two years,
// two DOIs, two notes are a conflict, and so is a key that another entry has, or an entry that refers to
// another of its group. Pure. [any thread]
std::vector<MergePlan> plan_merges(const Document& document, const Macros& macros,
                                   const std::vector<DuplicateGroup>& groups, const MergeOptions& options);

}  // namespace bibsmith::bibtex
