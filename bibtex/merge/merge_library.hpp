#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/merge/shared_entry.hpp"

namespace bibsmith::bibtex {

// Which side of a conflict counts.
enum class Side : std::uint8_t { neither, file, library };

// Both sides changed one part of an entry since they last agreed, and not to the same. nullopt: it is not
// there.
struct PartConflict {
  std::string
      part;  // a field, "@type", "@key"; empty: the entry, which one side deleted and the other changed
  std::optional<std::string> base;
  std::optional<std::string> file;
  std::optional<std::string> library;

  friend bool operator==(const PartConflict&, const PartConflict&) = default;
};

// What becomes of one entry. nullopt: it is not there.
struct EntryMerge {
  std::optional<SharedEntry> file;     // the entry of the file
  std::optional<SharedEntry> library;  // that of the library
  std::vector<PartConflict> conflicts;
};

// Merges three states of one entry, part by part: `base` is what file and library last agreed on. A part that
// one side changed is changed on the other; where both did, not to the same, each side keeps its own, unless
// `side` decides. Who is stopped between changing the one side and the other merges again, and comes to the
// same.
EntryMerge merge_entry(const std::optional<SharedEntry>& base, const std::optional<SharedEntry>& file,
                       const std::optional<SharedEntry>& library, Side side);

// What the sides agree on now, where they agreed on `base` before: each part that is the same on both, and of
// the others what it was, so that a conflict is seen again until somebody settles it. A part that one side
// was to take and did not is none that they agree on.
std::optional<SharedEntry> agreed(const std::optional<SharedEntry>& base,
                                  const std::optional<SharedEntry>& file,
                                  const std::optional<SharedEntry>& library);

// An entry of the library.
struct NumberedEntry {
  std::int64_t number = 0;  // its name in the library, for good
  SharedEntry said;
  std::string file_key;  // of a base: the citation key that the file had for it
};

// The base, after a change of the library whose outcome nobody told: `pushed` is what the sides would agree
// on if it arrived (number 0: a new entry, known by its key). Each part that the library has so is agreed on.
void confirm_pushed(std::vector<NumberedEntry>& base, const std::vector<NumberedEntry>& pushed,
                    const std::vector<NumberedEntry>& library);

// The same after a change of the file by somebody who was killed: `pulled` is what the sides would agree on
// if it arrived. Each part that the file has so is agreed on.
void confirm_pulled(std::vector<NumberedEntry>& base, const std::vector<NumberedEntry>& pulled,
                    const FileEntries& file);

// One entry on both sides.
struct MergedEntry {
  std::int64_t number = 0;             // 0: new for the library
  std::optional<std::uint32_t> block;  // nullopt: not in the file
  std::optional<SharedEntry> base;     // the three states as they were
  std::optional<SharedEntry> in_file;
  std::optional<SharedEntry> in_library;
  EntryMerge merge;
};

// Merges a file and a library: which entries are the same, and what becomes of each. An entry is known by its
// citation key in the file when both last agreed; one whose key changed in the file, and nothing else, is the
// same. Of a file that was not read to its end (`is_whole` is false) nothing that is missing counts as
// deleted. `side_of` decides conflicts by citation key. Pure. [any thread]
std::vector<MergedEntry> merge_library(const std::vector<NumberedEntry>& base, const FileEntries& file,
                                       const std::vector<NumberedEntry>& library,
                                       const std::function<Side(std::string_view key)>& side_of);

}  // namespace bibsmith::bibtex
