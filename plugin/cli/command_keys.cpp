#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/latex/citation_scan.hpp"
#include "plugin/session/keys.hpp"

namespace bibsmith::plugin {

ExitStatus run_keys(const KeysArguments& arguments, CommandContext& context) {
  const auto pattern = bibtex::KeyPattern::parse(arguments.pattern);
  if (!pattern) {
    context.console.error("--pattern: " + pattern.error().message + " (at byte " +
                          std::to_string(pattern.error().offset + 1) + ")");
    return ExitStatus::usage;
  }
  const KeysRequest request{arguments.file, arguments.tex, *pattern, cited_keys, arguments.dry_run};
  const Interrupt interrupt;
  const auto answer = rename_keys(request, context.session.change_context(interrupt.token()));
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, arguments.file, arguments.dry_run).pretty());
  } else {
    for (const KeyChange& change : answer->changes) {
      context.console.print(change.old_key + '\t' + change.new_key + '\n');
    }
  }
  const std::string renamed = arguments.dry_run ? "would rename " : "renamed ";
  for (const auto& [path, count] : answer->citations) {
    if (count > 0) context.console.note(renamed + std::to_string(count) + " citations in " + path);
  }
  for (const std::string& key : answer->unnamed) {
    context.console.warn((key.empty() ? "an entry without a key" : key) +
                         " stays: the pattern finds nothing in it");
  }
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
