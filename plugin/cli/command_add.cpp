#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/add.hpp"

namespace bibsmith::plugin {

ExitStatus run_add(const AddArguments& arguments, CommandContext& context) {
  const std::vector<std::string> ids = read_ids(arguments.ids, context.in);
  tl::expected<AddAnswer, FileError> answer = tl::unexpected(FileError{});
  {
    const Interrupt interrupt;
    Progress progress(context.console);
    answer = add(context.session, ids, arguments.to, interrupt.token(),
                 [&](std::size_t done, std::size_t total) { progress.show(done, total); });
  }
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, arguments.to).pretty());
  } else {
    for (const CitedPaper& paper : answer->cited.papers)
      context.console.print(paper.normalized.entry.key + '\n');
    for (const PluginFetch::Found& one : answer->cited.of_plugins.found) {
      context.console.print(one.entry.key + '\n');
    }
  }
  for (const CitedPaper& paper : answer->cited.papers) {
    context.console.note("added " + paper.id.str() + " to " + arguments.to + " as " +
                         paper.normalized.entry.key);
  }
  for (const PluginFetch::Found& one : answer->cited.of_plugins.found) {
    context.console.note("added " + one.id + " to " + arguments.to + " as " + one.entry.key);
  }
  for (const PresentPluginEntry& one : answer->present_of_plugins) {
    context.console.note(one.id + " is already in " + arguments.to + " as " + one.key + " (line " +
                         std::to_string(one.line) + ")");
  }
  for (const PossibleDuplicate& paper : answer->possible_duplicates) {
    context.console.note(paper.id.str() + " may be in " + arguments.to + " already: " + paper.key +
                         " (line " + std::to_string(paper.line) +
                         ") has its title and authors; bibsmith dedupe looks for such entries");
  }
  for (const PresentPaper& paper : answer->present) {
    context.console.note(paper.id.str() + " is already in " + arguments.to + " as " + paper.key + " (line " +
                         std::to_string(paper.line) + ")");
  }
  return report(answer->cited, context.console);
}

}  // namespace bibsmith::plugin
