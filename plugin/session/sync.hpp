#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/merge/merge_library.hpp"
#include "fetchers/cache/postgres_library.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

struct SyncRequest {
  std::string file;
  std::string library;
  std::string store;                   // its address, as it may be shown
  std::set<std::string> keep_file;     // citation keys whose conflicts the file wins
  std::set<std::string> keep_library;  // and those that the library wins
  bool may_delete_most = false;        // also if most entries are gone from the file
  bool only_plans = false;             // nothing is written anywhere
};

// Which entries, by citation key.
struct SyncedEntries {
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};

struct SyncConflict {
  std::string key;
  std::vector<bibtex::PartConflict> parts;
};

struct SyncAnswer {
  std::int64_t revision = 0;  // of the library, as it was read last
  std::string role;           // of who asks
  SyncedEntries file;
  SyncedEntries library;
  std::vector<SyncConflict> conflicts;  // left as they are, on both sides
  std::vector<std::string> problems;    // "refs.bib:12: an entry without a citation key is not shared"
  std::string diff;                     // unified, of the file
  bool changed_file = false;
  bool changed_library = false;
  // Of the file, behind it, if the library has all of it: it may have been edited meanwhile.
  std::optional<std::string> settled_text;
};

struct SyncError {
  std::string message;  // one line
};

// Merges a .bib file with a library of a store, both ways: what changed here goes there, what changed there
// comes here, field by field; where both changed the same to different values each side keeps its own and the
// conflict is told. No byte of the file changes beside what the library changed. The change can be taken back
// (undo), which is then a change like any other for the next sync. A file that does not exist is made.
//
// Killed at any moment, or without an answer from the server, it can be run again: nothing is doubled and
// nothing lost. A server that is gone is an error, with the file as it was.
tl::expected<SyncAnswer, SyncError> sync_file(const SyncRequest& request, fetchers::PostgresLibrary& library,
                                              const ChangeContext& context);

}  // namespace bibsmith::plugin
