#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/session/file_change.hpp"
#include "plugin/session/history.hpp"

namespace bibsmith::plugin {

// One file that undo puts back, in part.
struct UndoneFile {
  std::string path;
  RecordedChange change;  // that is taken back
  std::string diff;       // unified; empty where there are conflicts
};

struct UndoConflict {
  std::string path;
  std::string message;  // one line without the file: the entry, and what stands there now
};

struct UndoAnswer {
  std::vector<UndoneFile> files;        // the one that was asked for first; none: nothing to take back
  std::vector<UndoConflict> conflicts;  // not empty: nothing was changed
};

// Takes back the last change of the file at `path` that is neither taken back already nor itself an undo: in
// every file of that command, exactly the texts that it replaced, wherever they stand now, or nothing at all.
// What undo does is a change in the history, which undo does not take back. `only_plans`: nothing is written.
tl::expected<UndoAnswer, FileError> undo(const std::string& path, const ChangeContext& context,
                                         bool only_plans);

// One change as it is told.
struct HistoryLine {
  RecordedChange change;
  std::vector<std::string> other_files;  // that the same command changed
};

// What Bibsmith changed in the file at `path`, newest first.
tl::expected<std::vector<HistoryLine>, FileError> file_history(const std::string& path,
                                                               const ChangeContext& context);

// What Bibsmith last wrote into the .bib at `path`, for each field, in the form of comparable_value(). A
// field whose value differs was changed by the user. Without a history that can be read: none, and a warning.
WrittenValues last_written(const std::string& path, const ChangeContext& context);

}  // namespace bibsmith::plugin
