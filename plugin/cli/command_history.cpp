#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/history_output.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/undo.hpp"

namespace bibsmith::plugin {

ExitStatus run_history(const HistoryArguments& arguments, CommandContext& context) {
  const auto lines = file_history(arguments.file, context.session.change_context());
  if (!lines) {
    context.console.error(lines.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*lines, arguments.file).pretty());
    return ExitStatus::done;
  }
  for (const HistoryLine& line : *lines) {
    context.console.print(line_of(line.change) + '\n');
    if (!context.common.verbose) continue;
    for (const RecordedSpan& span : line.change.spans) context.console.print("  " + line_of(span) + '\n');
    for (const std::string& other : line.other_files) context.console.print("  also changed " + other + '\n');
  }
  if (lines->empty()) context.console.note("bibsmith has changed nothing in " + arguments.file);
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
