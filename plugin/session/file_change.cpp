#include "plugin/session/file_change.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <utility>

#include "bibtex/syntax/run_beside.hpp"
#include "plugin/session/file_lock.hpp"
#include "plugin/session/fingerprint.hpp"
#include "plugin/session/history.hpp"
#include "plugin/session/recorded_spans.hpp"
#include "plugin/session/staged_file.hpp"
#include "plugin/session/verify_change.hpp"

namespace bibsmith::plugin {

namespace {

using Done = tl::expected<void, FileError>;

constexpr int plans_max = 3;

// One file on its way from the old text to the new one.
struct Target {
  const FilePlan* plan = nullptr;
  std::string path;                   // links resolved
  std::string canonical;              // for the lock and the history
  std::optional<struct stat> status;  // when it was read; there was none: nothing
  FileText before = FileText::plain({});
  std::vector<LabelledEdit> edits;
  std::vector<std::string_view> pieces;  // edited_pieces(): the new text
  bool changes = false;                  // the new text is another one
  std::optional<StagedFile> staged;
  std::optional<StagedFile> backup;  // the old text, for putting it back
  NewChange entered;                 // for the history
};

// Whether the pieces laid end to end are `text`.
bool is_text(const std::vector<std::string_view>& pieces, std::string_view text) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  if (size != text.size()) return false;
  return std::all_of(pieces.begin(), pieces.end(), [&text](std::string_view piece) {
    const bool is_equal = text.starts_with(piece);
    text.remove_prefix(piece.size());
    return is_equal;
  });
}

Done plan_change(Target& target) {
  auto edits = target.plan->plan(target.before);
  if (!edits) return tl::unexpected(edits.error());
  target.edits = std::move(*edits);
  std::vector<bibtex::EditView> views;
  views.reserve(target.edits.size());
  for (const LabelledEdit& one : target.edits) views.push_back({one.edit.span, one.edit.new_text});
  auto pieces = bibtex::edited_pieces(target.before.text(), views);
  if (!pieces) {
    return file_error(FileError::Code::refused, target.plan->path + ": " + pieces.error().message +
                                                    "; the file is as it was, please report it");
  }
  target.pieces = std::move(*pieces);
  target.changes = !is_text(target.pieces, target.before.text());
  return {};
}

// What the new text says of itself, without a look at the file: what is wrong with it, or the values in it
// that are Bibsmith's.
tl::expected<PackedValues, std::string> look_at_new_text(const Target& target) {
  if (!target.plan->must_parse) return PackedValues{};
  SyntaxCheck check(target.before.document(), target.edits);
  for (const std::string_view piece : target.pieces) check.add(piece);
  if (const auto wrong = check.finish()) return tl::unexpected(*wrong);
  return check.take_written();
}

struct Fingerprints {
  Fingerprint before;
  Fingerprint after;
};

// The files of one command, from their plans to their places.
class Work {
 public:
  Work(std::string_view command, const ChangeContext& context) : command_(command), context_(context) {}

  tl::expected<std::vector<bool>, FileError> run(std::span<const FilePlan> plans);

 private:
  enum class Step : std::uint8_t { done, changed_meanwhile };

  Done read_and_plan();
  Done lock();
  tl::expected<Step, FileError> replace();
  Done stage(Target& target);
  tl::expected<Fingerprints, FileError> write_new_text(Target& target);
  Done back_up(Target& target);
  Done put_in_place();
  void begin_history();
  void settle_history();
  void forget_history(const HistoryError& error);
  bool changes() const {
    return std::any_of(targets_.begin(), targets_.end(), [](const Target& one) { return one.changes; });
  }

  std::string_view command_;
  const ChangeContext& context_;
  std::vector<Target> targets_;
  std::vector<FileLock> locks_;
  struct Opened {
    tl::expected<History, HistoryError> history;
    std::vector<std::string> warnings;
  };
  std::future<Opened> opening_;
  std::optional<History> history_;
  std::int64_t work_ = 0;
};

tl::expected<std::vector<bool>, FileError> Work::run(std::span<const FilePlan> plans) {
  std::map<std::string, std::size_t> known;
  std::vector<std::size_t> target_of;
  for (const FilePlan& plan : plans) {
    auto path = resolve_links(plan.path);
    if (!path) return tl::unexpected(path.error());
    std::string canonical = canonical_path(*path);
    const auto [at, is_new] = known.emplace(canonical, targets_.size());
    target_of.push_back(at->second);
    if (!is_new) continue;  // a file that is named twice is changed once
    Target target;
    target.plan = &plan;
    target.path = std::move(*path);
    target.canonical = std::move(canonical);
    targets_.push_back(std::move(target));
  }
  // The first plan may ask the network and take its time: no second bibsmith has to wait for that.
  if (auto done = read_and_plan(); !done) return tl::unexpected(done.error());
  std::vector<bool> changed(plans.size());
  if (!changes()) return changed;
  if (auto done = lock(); !done) return tl::unexpected(done.error());
  begin_history();
  for (int plans_made = 1;; ++plans_made) {
    const auto step = replace();
    if (!step) return tl::unexpected(step.error());
    if (*step == Step::done) break;
    if (plans_made == plans_max) {
      return file_error(FileError::Code::changed,
                        plans.front().path +
                            " keeps changing under our hands; it is as the other program left it, try again");
    }
    if (auto done = read_and_plan(); !done) return tl::unexpected(done.error());
    if (!changes()) return changed;
  }
  for (std::size_t i = 0; i < plans.size(); ++i) changed[i] = targets_[target_of[i]].changes;
  return changed;
}

Done Work::read_and_plan() {
  for (Target& target : targets_) {
    target.staged.reset();
    target.backup.reset();
    auto before = read_snapshot(context_.files, target.path);
    if (!before) return tl::unexpected(before.error());
    target.status.reset();
    if (*before) target.status = (*before)->status;
    std::string text = *before ? std::move((*before)->text) : std::string();
    target.before =
        target.plan->must_parse ? FileText::bib(std::move(text)) : FileText::plain(std::move(text));
  }
  for (Target& target : targets_) {
    if (auto done = plan_change(target); !done) return done;
  }
  return {};
}

Done Work::lock() {
  // In one order for all processes, so that two with the same files do not wait for each other.
  std::vector<std::string> names;
  for (const Target& target : targets_) names.push_back(target.canonical);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    auto lock = FileLock::take(name, context_);
    if (!lock) return tl::unexpected(lock.error());
    locks_.push_back(std::move(*lock));
  }
  return {};
}

// Beside the writing of the new texts: a history that is begun is flushed to the disk several times.
void Work::begin_history() {
  opening_ = bibtex::run_beside([this] {
    std::vector<std::string> warnings;  // told by the thread that tells all others
    auto history = History::open(context_.state_dir,
                                 [&warnings](std::string_view line) { warnings.emplace_back(line); });
    return Opened{std::move(history), std::move(warnings)};
  });
}

// Waits for the history, and settles in it what is under way with our files.
void Work::settle_history() {
  if (opening_.valid()) {
    Opened opened = opening_.get();
    for (const std::string& line : opened.warnings) {
      if (context_.warn) context_.warn(line);
    }
    if (!opened.history) return forget_history(opened.history.error());
    history_.emplace(std::move(*opened.history));
  }
  for (const Target& target : targets_) {
    if (!history_) return;
    if (const auto settled = history_->settle(target.canonical, target.before.text()); !settled) {
      forget_history(settled.error());
    }
  }
}

// A history that fails is no reason to fail: the user is told what he will not be able to do.
void Work::forget_history(const HistoryError& error) {
  history_.reset();
  work_ = 0;
  if (context_.warn) context_.warn(error.message + "; bibsmith undo will not know of this change");
}

tl::expected<Work::Step, FileError> Work::replace() {
  for (const Target& target : targets_) {
    if (!looks_unchanged(context_.files, target.path, target.status)) return Step::changed_meanwhile;
  }
  for (Target& target : targets_) {
    if (!target.changes) continue;
    remove_remains(context_.files, target.path);
    if (auto done = stage(target); !done) return tl::unexpected(done.error());
  }
  settle_history();
  if (history_) {
    std::vector<NewChange> entered;
    for (Target& target : targets_) {
      if (target.changes) entered.push_back(std::move(target.entered));
    }
    const auto work = history_->enter(std::move(entered));
    if (!work) {
      forget_history(work.error());
    } else {
      work_ = *work;
    }
  }
  const auto drop = [&] {
    if (!history_) return;
    if (const auto dropped = history_->drop(work_); !dropped) forget_history(dropped.error());
  };
  if (context_.stop.stop_requested()) {
    drop();
    return file_error(FileError::Code::interrupted,
                      "interrupted; " + targets_.front().plan->path + " is as it was");
  }
  for (const Target& target : targets_) {
    if (is_unchanged(context_.files, target.path, target.status, target.before.text())) continue;
    drop();
    return Step::changed_meanwhile;
  }
  if (auto done = put_in_place(); !done) return tl::unexpected(done.error());
  if (history_) {
    if (const auto confirmed = history_->confirm(work_); !confirmed && context_.warn) {
      context_.warn(confirmed.error().message);  // the next run settles it
    }
  }
  return Step::done;
}

Done Work::stage(Target& target) {
  const std::string& path = target.plan->path;
  if (target.status && target.status->st_nlink > 1 && context_.warn) {
    context_.warn(path + " has another name (a hard link), which keeps the old text");
  }
  // The new text is parsed while it is written: what is compared below are the bytes that were parsed.
  auto looking = bibtex::run_beside([&target] { return look_at_new_text(target); });
  auto written = write_new_text(target);
  PackedSpans spans = recorded_spans(target.before.text(), target.edits, target.pieces);
  auto values = looking.get();
  if (!written) return tl::unexpected(written.error());
  if (!values) {
    return file_error(FileError::Code::refused,
                      path + ": " + values.error() + "; the file is as it was, please report it");
  }
  target.entered.spans = std::move(spans);
  target.entered.written = std::move(*values);
  RecordedChange& change = target.entered.change;
  change.file = target.canonical;
  change.time = context_.clock->calendar();
  change.command = command_;
  change.before = written->before;
  change.after = written->after;
  change.undoes = target.plan->undoes;
  return {};
}

// Puts the new text beside the file and reads it back; returns both fingerprints.
tl::expected<Fingerprints, FileError> Work::write_new_text(Target& target) {
  auto staged = StagedFile::make(context_.files, target.path, target.status);
  if (!staged) return tl::unexpected(staged.error());
  target.staged.emplace(std::move(*staged));
  // Some of them at a time, in memory that stays in the cache.
  constexpr std::size_t buffer_bytes = 256u << 10;
  std::string buffer;
  buffer.reserve(buffer_bytes);
  const auto write_buffer = [&] {
    const auto done = target.staged->write(buffer);
    buffer.clear();
    return done;
  };
  for (std::string_view piece : target.pieces) {
    while (!piece.empty()) {
      const std::string_view head = piece.substr(0, buffer_bytes - buffer.size());
      buffer += head;
      piece.remove_prefix(head.size());
      if (buffer.size() < buffer_bytes) continue;
      if (const auto done = write_buffer(); !done) return tl::unexpected(done.error());
    }
  }
  if (const auto done = write_buffer(); !done) return tl::unexpected(done.error());
  if (const auto done = target.staged->flush(); !done) return tl::unexpected(done.error());

  // Each piece is still in the cache when its fingerprint is made, and so is what it was compared with.
  const std::string_view before = target.before.text();
  BytesCheck check(before, target.edits);
  FingerprintMaker old_maker;
  FingerprintMaker new_maker;
  const auto done = target.staged->read_back([&](std::string_view bytes) {
    const std::size_t compared = check.old_bytes();
    const bool is_right = check.add(bytes);
    new_maker.add(bytes);
    if (is_right) old_maker.add(before.substr(compared, check.old_bytes() - compared));
    return is_right;
  });
  if (!done) return tl::unexpected(done.error());
  const std::size_t compared = check.old_bytes();
  const auto wrong = check.finish();
  if (!wrong) {
    old_maker.add(before.substr(compared));
    return Fingerprints{old_maker.finish(), new_maker.finish()};
  }
  BytesCheck check_of_pieces(before, target.edits);
  for (const std::string_view piece : target.pieces) check_of_pieces.add(piece);
  if (!check_of_pieces.finish()) {
    return file_error(
        FileError::Code::unwritable,
        target.plan->path + ": the disk does not give back what was written to it; the file is as it was");
  }
  return file_error(FileError::Code::refused,
                    target.plan->path + ": " + *wrong + "; the file is as it was, please report it");
}

Done Work::back_up(Target& target) {
  auto backup = StagedFile::make(context_.files, target.path, target.status);
  if (!backup) return tl::unexpected(backup.error());
  target.backup.emplace(std::move(*backup));
  if (auto done = target.backup->write(target.before.text()); !done) return done;
  return target.backup->flush();
}

Done Work::put_in_place() {
  std::vector<Target*> order;
  for (Target& target : targets_) {
    if (target.changes) order.push_back(&target);
  }
  // The old texts are on the disk before the first rename: a full disk cannot keep them from coming back.
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    Target& target = *order[i];
    if (!target.status) continue;
    if (auto done = back_up(target); !done) {
      if (history_) (void)history_->drop(work_);
      return done;
    }
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto done = order[i]->staged->put_in_place();
    if (done) continue;
    FileError error = done.error();
    std::string stuck;
    for (std::size_t j = i; j-- > 0;) {
      Target& target = *order[j];
      const bool is_back = target.status ? target.backup->put_in_place().has_value()
                                         : context_.files.unlink(target.path.c_str()) == 0;
      if (!is_back) stuck += (stuck.empty() ? "" : ", ") + target.plan->path;
    }
    if (!stuck.empty()) {
      error.message += "; " + stuck + " was changed already and could not be put back";
    } else {
      if (i > 0) error.message += ", and so are the other files";
      if (history_) (void)history_->drop(work_);
    }
    return tl::unexpected(error);
  }
  return {};
}

}  // namespace

std::vector<LabelledEdit> replacement(const std::string& old_text, std::string new_text, std::string reason) {
  std::vector<LabelledEdit> edits;
  if (old_text == new_text) return edits;
  LabelledEdit one;
  one.edit = {{0, static_cast<std::uint32_t>(old_text.size())}, std::move(new_text)};
  one.reason = std::move(reason);
  edits.push_back(std::move(one));
  return edits;
}

tl::expected<std::vector<bool>, FileError> change_files(std::span<const FilePlan> plans,
                                                        std::string_view command,
                                                        const ChangeContext& context) {
  if (plans.empty()) return std::vector<bool>{};
  return Work(command, context).run(plans);
}

tl::expected<bool, FileError> change_file(const std::string& path, std::string_view command,
                                          const ChangeContext& context, const PlanChange& plan) {
  const FilePlan one{path, plan};
  const auto changed = change_files(std::span(&one, 1), command, context);
  if (!changed) return tl::unexpected(changed.error());
  return changed->front();
}

}  // namespace bibsmith::plugin
