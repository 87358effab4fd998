#include "plugin/session/file_change.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "bibtex/edit/comparable_value.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"
#include "plugin/session/file_lock.hpp"
#include "plugin/session/history.hpp"
#include "plugin/session/staged_file.hpp"
#include "plugin/session/verify_change.hpp"

namespace bibsmith::plugin {

namespace {

using Done = tl::expected<void, FileError>;

constexpr int plans_max = 3;

// One file on its way from the old text to the new one.
struct Target {
  const FilePlan* plan = nullptr;
  std::string path;       // links resolved
  std::string canonical;  // for the lock and the history
  std::optional<Snapshot> before;
  std::vector<LabelledEdit> edits;
  std::string after;                         // empty, once it is in `document`
  std::optional<bibtex::Document> document;  // of the new text, once it was verified
  bool changes = false;                      // the new text is another one
  std::optional<StagedFile> staged;
  std::optional<StagedFile> backup;  // the old text, for putting it back

  const std::string& old_text() const {
    static const std::string none;
    return before ? before->text : none;
  }
  const std::string& new_text() const { return document ? document->text() : after; }
};

Done plan_change(Target& target) {
  auto edits = target.plan->plan(target.old_text());
  if (!edits) return tl::unexpected(edits.error());
  target.edits = std::move(*edits);
  std::vector<bibtex::TextEdit> text_edits;
  for (const LabelledEdit& one : target.edits) text_edits.push_back(one.edit);
  auto after = bibtex::apply_edits(target.old_text(), text_edits);
  if (!after) {
    return file_error(FileError::Code::refused, target.plan->path + ": " + after.error().message +
                                                    "; the file is as it was, please report it");
  }
  target.document.reset();
  target.after = std::move(*after);
  target.changes = target.after != target.old_text();
  return {};
}

bool is_one_span(const LabelledEdit& a, const LabelledEdit& b) {
  return !a.key.empty() && a.key == b.key && a.field == b.field && a.reason == b.reason &&
         a.source == b.source && a.old_key.empty() && b.old_key.empty();
}

// The edits as the history keeps them. Edits of one entry for one reason are one span with what stands
// between them: a hundred changes of white space would hardly be found again, the entry is.
std::vector<RecordedSpan> recorded_spans(const Target& target) {
  const std::string_view before = target.old_text();
  const std::string_view after = target.new_text();
  std::vector<RecordedSpan> spans;
  std::size_t old_end = 0;  // of the span so far; in the old and in the new text
  std::size_t new_end = 0;
  const LabelledEdit* last = nullptr;
  for (const LabelledEdit& one : target.edits) {
    const std::string_view kept = before.substr(old_end, one.edit.span.begin - old_end);
    new_end += kept.size();
    if (last != nullptr && is_one_span(*last, one)) {
      spans.back().old_text += kept;
      spans.back().new_text += kept;
    } else {
      RecordedSpan& span = spans.emplace_back();
      span.offset = new_end;
      span.key = one.key;
      span.old_key = one.old_key;
      span.field = one.field;
      span.reason = one.reason;
      span.source = one.source;
    }
    spans.back().old_text += one.edit.span.in(before);
    spans.back().new_text += one.edit.new_text;
    new_end += one.edit.new_text.size();
    old_end = one.edit.span.end;
    last = &one;
  }
  for (RecordedSpan& span : spans) {
    const std::size_t head = std::min<std::size_t>(span.offset, RecordedSpan::context_bytes);
    span.head = after.substr(span.offset - head, head);
    span.tail = after.substr(span.offset + span.new_text.size(), RecordedSpan::context_bytes);
  }
  return spans;
}

std::vector<WrittenValue> written_values(const Target& target) {
  std::vector<WrittenValue> values;
  const auto writes = [](const LabelledEdit& one) { return one.writes_value; };
  if (!target.document || std::none_of(target.edits.begin(), target.edits.end(), writes)) return values;
  const bibtex::Document& document = *target.document;
  for (const LabelledEdit& one : target.edits) {
    const auto entry = one.writes_value ? document.find(one.key) : std::nullopt;
    if (!entry) continue;
    for (const bibtex::FieldNode& field : document.fields(*entry)) {
      std::string name(document.text(field.name));
      for (char& c : name) c = bibtex::lower(c);
      if (!one.field.empty() && name != one.field) continue;
      values.push_back({one.key, std::move(name), bibtex::comparable_value(document, field)});
    }
  }
  return values;
}

NewChange change_for_history(const Target& target, std::string_view command, const ChangeContext& context) {
  NewChange entered;
  RecordedChange& change = entered.change;
  change.file = target.canonical;
  change.time = context.clock->calendar();
  change.command = command;
  change.before = fingerprint_of(target.old_text());
  change.after = fingerprint_of(target.new_text());
  change.undoes = target.plan->undoes;
  change.spans = recorded_spans(target);
  entered.written = written_values(target);
  return entered;
}

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
  Done put_in_place();
  void open_history();
  void forget_history(const HistoryError& error);
  bool changes() const {
    return std::any_of(targets_.begin(), targets_.end(), [](const Target& one) { return one.changes; });
  }

  std::string_view command_;
  const ChangeContext& context_;
  std::vector<Target> targets_;
  std::vector<FileLock> locks_;
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
  open_history();
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
    target.before = std::move(*before);
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

void Work::open_history() {
  auto history = History::open(context_.state_dir, context_.warn);
  if (!history) return forget_history(history.error());
  history_.emplace(std::move(*history));
}

// A history that fails is no reason to fail: the user is told what he will not be able to do.
void Work::forget_history(const HistoryError& error) {
  history_.reset();
  work_ = 0;
  if (context_.warn) context_.warn(error.message + "; bibsmith undo will not know of this change");
}

tl::expected<Work::Step, FileError> Work::replace() {
  for (Target& target : targets_) {
    if (!looks_unchanged(context_.files, target.path, target.before)) return Step::changed_meanwhile;
    if (!history_) continue;
    if (const auto settled = history_->settle(target.canonical, target.old_text()); !settled) {
      forget_history(settled.error());
    }
  }
  for (Target& target : targets_) {
    if (!target.changes) continue;
    remove_remains(context_.files, target.path);
    if (auto done = stage(target); !done) return tl::unexpected(done.error());
  }
  if (history_) {
    std::vector<NewChange> entered;
    for (const Target& target : targets_) {
      if (target.changes) entered.push_back(change_for_history(target, command_, context_));
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
    if (is_unchanged(context_.files, target.path, target.before)) continue;
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
  if (target.before && target.before->status.st_nlink > 1 && context_.warn) {
    context_.warn(path + " has another name (a hard link), which keeps the old text");
  }
  auto staged = StagedFile::make(context_.files, target.path, target.before, target.after);
  if (!staged) return tl::unexpected(staged.error());
  target.staged.emplace(std::move(*staged));
  const auto is_kept = target.staged->reads_as(target.after);
  if (!is_kept) return tl::unexpected(is_kept.error());
  if (!*is_kept) {
    return file_error(FileError::Code::unwritable,
                      path + ": the disk does not give back what was written to it; the file is as it was");
  }
  const auto refused = [&](const std::string& why) {
    return file_error(FileError::Code::refused,
                      path + ": " + why + "; the file is as it was, please report it");
  };
  if (const auto wrong = find_wrong_bytes(target.old_text(), target.after, target.edits))
    return refused(*wrong);
  if (!target.plan->must_parse) return {};
  target.document = bibtex::Document::parse(std::move(target.after), std::thread::hardware_concurrency());
  target.after.clear();
  if (const auto wrong = find_wrong_syntax(target.old_text(), *target.document, target.edits)) {
    return refused(*wrong);
  }
  return {};
}

Done Work::put_in_place() {
  std::vector<Target*> order;
  for (Target& target : targets_) {
    if (target.changes) order.push_back(&target);
  }
  // The old texts are on the disk before the first rename: a full disk cannot keep them from coming back.
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    Target& target = *order[i];
    if (!target.before) continue;
    auto backup = StagedFile::make(context_.files, target.path, target.before, target.old_text());
    if (!backup) {
      if (history_) (void)history_->drop(work_);
      return tl::unexpected(backup.error());
    }
    target.backup.emplace(std::move(*backup));
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto done = order[i]->staged->put_in_place();
    if (done) continue;
    FileError error = done.error();
    std::string stuck;
    for (std::size_t j = i; j-- > 0;) {
      Target& target = *order[j];
      const bool is_back = target.before ? target.backup->put_in_place().has_value()
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
