#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/history_output.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/undo.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t shown_conflicts = 20;

ExitStatus report(const UndoAnswer& answer, const std::string& file, bool only_plans, Console& console) {
  if (answer.files.empty()) {
    console.note("there is nothing to take back in " + file);
    return ExitStatus::findings;
  }
  if (!answer.conflicts.empty()) {
    for (std::size_t i = 0; i < std::min(answer.conflicts.size(), shown_conflicts); ++i) {
      console.error(answer.conflicts[i].path + ": " + answer.conflicts[i].message);
    }
    if (answer.conflicts.size() > shown_conflicts) {
      console.error("and " + std::to_string(answer.conflicts.size() - shown_conflicts) + " more");
    }
    console.error("change " + std::to_string(answer.files.front().change.number) + " (" +
                  answer.files.front().change.command + ") cannot be taken back; nothing was changed");
    return ExitStatus::findings;
  }
  for (const UndoneFile& undone : answer.files) {
    const std::size_t count = undone.change.spans.size();
    console.note((only_plans ? "would take back change " : "took back change ") +
                 std::to_string(undone.change.number) + " (" + undone.change.command + ") of " + undone.path +
                 ": " + std::to_string(count) + (count == 1 ? " text" : " texts"));
    for (const RecordedSpan& span : undone.change.spans) console.inform("  undoes " + line_of(span));
  }
  return ExitStatus::done;
}

}  // namespace

ExitStatus run_undo(const UndoArguments& arguments, CommandContext& context) {
  const bool only_plans = arguments.dry_run || arguments.diff;
  const Interrupt interrupt;
  const auto answer = undo(arguments.file, context.session.change_context(interrupt.token()), only_plans);
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, arguments.file, only_plans).pretty());
  } else if (arguments.diff && answer->conflicts.empty()) {
    for (const UndoneFile& undone : answer->files) context.console.print_diff(undone.diff);
  }
  return report(*answer, arguments.file, only_plans, context.console);
}

}  // namespace bibsmith::plugin
