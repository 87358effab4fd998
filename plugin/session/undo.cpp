#include "plugin/session/undo.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/session/locate_spans.hpp"
#include "plugin/session/unified_diff.hpp"

namespace bibsmith::plugin {

namespace {

using Edits = tl::expected<std::vector<LabelledEdit>, FileError>;

tl::unexpected<FileError> failed(const HistoryError& error) {
  return file_error(FileError::Code::unreadable, error.message);
}

// nullopt: nothing was ever changed. Does not make the file.
tl::expected<std::optional<History>, FileError> open_history(const ChangeContext& context) {
  std::error_code error;
  if (!std::filesystem::exists(context.state_dir + "/history.sqlite", error)) return std::nullopt;
  auto history = History::open(context.state_dir, context.warn);
  if (!history) return failed(history.error());
  return std::optional<History>(std::move(*history));
}

// The changes of a file as its present text proves them: a run that was killed may have left one that nobody
// confirmed. The next change settles that in the history itself.
tl::expected<std::vector<RecordedChange>, FileError> proven_changes(History& history, const std::string& file,
                                                                    const FileSystem& files) {
  auto changes = history.changes_of(file);
  if (!changes) return failed(changes.error());
  const auto is_pending = [](const RecordedChange& change) { return !change.is_done; };
  if (std::none_of(changes->begin(), changes->end(), is_pending)) return std::move(*changes);
  const auto present = read_snapshot(files, file);
  for (RecordedChange& change : *changes) {
    if (change.is_done || !present || !*present) continue;
    change.is_done = change.after == fingerprint_of((*present)->text);
    if (!change.is_done || !change.undoes) continue;
    for (RecordedChange& undone : *changes) {
      if (undone.number == *change.undoes) undone.undone_by = change.number;
    }
  }
  changes->erase(std::remove_if(changes->begin(), changes->end(), is_pending), changes->end());
  return std::move(*changes);
}

bool can_be_undone(const RecordedChange& change) {
  return change.is_done && !change.undone_by && !change.undoes;
}

// The changes that one undo takes back: the last of `file`, and those of the same command in other files.
tl::expected<std::vector<RecordedChange>, FileError> last_work(History& history, const std::string& file,
                                                               const FileSystem& files) {
  auto changes = proven_changes(history, file, files);
  if (!changes) return tl::unexpected(changes.error());
  const auto last = std::find_if(changes->begin(), changes->end(), can_be_undone);
  if (last == changes->end()) return std::vector<RecordedChange>{};
  std::vector<RecordedChange> work = {std::move(*last)};
  const auto others = history.files_of_work(work.front().work);
  if (!others) return failed(others.error());
  for (const std::string& other : *others) {
    if (other == file) continue;
    auto of_other = proven_changes(history, other, files);
    if (!of_other) return tl::unexpected(of_other.error());
    for (RecordedChange& change : *of_other) {
      if (change.work == work.front().work && can_be_undone(change)) work.push_back(std::move(change));
    }
  }
  return work;
}

std::vector<bibtex::TextEdit> text_edits_of(const std::vector<LabelledEdit>& edits) {
  std::vector<bibtex::TextEdit> out;
  for (const LabelledEdit& one : edits) out.push_back(one.edit);
  return out;
}

// The edits that put the old texts of a change back, or why not.
tl::expected<std::vector<LabelledEdit>, std::vector<UndoConflict>> edits_back(const std::string& path,
                                                                              const RecordedChange& change,
                                                                              const std::string& text) {
  if (!change.has_spans) {
    return tl::unexpected(std::vector{
        UndoConflict{path, "change " + std::to_string(change.number) + " (" + change.command +
                               ") was too large for its texts to be kept, it cannot be taken back"}});
  }
  const auto places = locate_spans(change, text);
  if (!places) {
    std::vector<UndoConflict> conflicts;
    for (const LostSpan& lost : places.error()) conflicts.push_back({path, lost.message});
    return tl::unexpected(std::move(conflicts));
  }
  std::vector<LabelledEdit> edits;
  for (std::size_t i = 0; i < change.spans.size(); ++i) {
    const RecordedSpan& span = change.spans[i];
    LabelledEdit one;
    one.edit = {(*places)[i], span.old_text};
    one.key = span.old_key.empty() ? span.key : span.old_key;
    if (!span.old_key.empty()) one.old_key = span.key;
    one.field = span.field;
    one.reason = "undo." + span.reason;
    edits.push_back(std::move(one));
  }
  // Entries may have been moved since. Of two texts that were deleted side by side the first stays first.
  std::stable_sort(edits.begin(), edits.end(), [](const LabelledEdit& a, const LabelledEdit& b) {
    return a.edit.span.begin < b.edit.span.begin;
  });
  return edits;
}

}  // namespace

tl::expected<UndoAnswer, FileError> undo(const std::string& path, const ChangeContext& context,
                                         bool only_plans) {
  const auto resolved = resolve_links(path);
  if (!resolved) return tl::unexpected(resolved.error());
  const auto text = read_snapshot(context.files, *resolved);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return file_error(FileError::Code::not_found, path + ": no such file");
  UndoAnswer answer;
  auto history = open_history(context);
  if (!history) return tl::unexpected(history.error());
  if (!*history) return answer;
  auto work = last_work(**history, canonical_path(*resolved), context.files);
  if (!work) return tl::unexpected(work.error());
  for (RecordedChange& change : *work) {
    std::string name = answer.files.empty() ? path : change.file;
    answer.files.push_back({std::move(name), std::move(change), {}});
  }
  history->reset();

  std::vector<FilePlan> plans;
  for (UndoneFile& file : answer.files) {
    FilePlan& plan = plans.emplace_back();
    plan.path = file.path;
    // What comes back is the user's own text, and may have had errors.
    plan.must_parse = false;
    plan.undoes = file.change.number;
    plan.plan = [&answer, &file](const std::string& now) -> Edits {
      auto edits = edits_back(file.path, file.change, now);
      if (edits) {
        file.diff = unified_diff(file.path, now, text_edits_of(*edits));
        return std::move(*edits);
      }
      for (UndoConflict& conflict : edits.error()) answer.conflicts.push_back(std::move(conflict));
      return std::vector<LabelledEdit>{};
    };
  }
  // Every file is asked first, so that all conflicts are told and not those of one file alone.
  for (const FilePlan& plan : plans) {
    auto now = read_file(plan.path);
    if (!now) return tl::unexpected(now.error());
    if (!*now) return file_error(FileError::Code::not_found, plan.path + ": no such file");
    (void)plan.plan(FileText::plain(*std::move(*now)));
  }
  if (only_plans || !answer.conflicts.empty() || plans.empty()) return answer;

  for (FilePlan& plan : plans) {
    plan.plan = [&answer, make = std::move(plan.plan)](const FileText& now) -> Edits {
      auto edits = make(now);
      if (answer.conflicts.empty()) return edits;
      return file_error(FileError::Code::refused, answer.conflicts.front().message);
    };
  }
  const auto changed = change_files(plans, "undo", context);
  if (!changed && answer.conflicts.empty()) return tl::unexpected(changed.error());
  return answer;
}

tl::expected<std::vector<HistoryLine>, FileError> file_history(const std::string& path,
                                                               const ChangeContext& context) {
  const auto resolved = resolve_links(path);
  if (!resolved) return tl::unexpected(resolved.error());
  std::vector<HistoryLine> lines;
  auto history = open_history(context);
  if (!history) return tl::unexpected(history.error());
  if (!*history) return lines;
  const std::string file = canonical_path(*resolved);
  auto changes = proven_changes(**history, file, context.files);
  if (!changes) return tl::unexpected(changes.error());
  for (RecordedChange& change : *changes) {
    auto others = (*history)->files_of_work(change.work);
    if (!others) return failed(others.error());
    others->erase(std::remove(others->begin(), others->end(), file), others->end());
    lines.push_back({std::move(change), std::move(*others)});
  }
  return lines;
}

WrittenValues last_written(const std::string& path, const ChangeContext& context) {
  const auto told = [&](const std::string& message) {
    if (context.warn) context.warn(message + "; every value counts as the user's");
    return WrittenValues{};
  };
  const auto resolved = resolve_links(path);
  if (!resolved) return told(resolved.error().message);
  auto history = open_history(context);
  if (!history) return told(history.error().message);
  if (!*history) return {};
  auto values = (*history)->last_written(canonical_path(*resolved));
  return values ? std::move(*values) : told(values.error().message);
}

}  // namespace bibsmith::plugin
