#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugin/session/sync.hpp"

namespace bibsmith::plugin {

struct LibraryUndoAnswer {
  std::int64_t revision = 0;  // of the library, behind it
  std::string person;         // whose change it was
  SyncedEntries library;      // what was taken back, or would be
  // Left as they are, for others changed them since: `file` is what was to come back, `library` what is
  // there.
  std::vector<SyncConflict> conflicts;
};

// Takes one change of a library back, by its number in the history, part by part: what others changed since
// stays. That is a change of who asks, who needs to be a writer, and can be taken back like any other.
tl::expected<LibraryUndoAnswer, fetchers::LibraryError> undo_library_change(
    fetchers::PostgresLibrary& library, const std::string& name, std::int64_t revision, bool only_plans);

}  // namespace bibsmith::plugin
