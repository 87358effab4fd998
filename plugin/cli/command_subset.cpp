#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/resolve_output.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/subset.hpp"

namespace bibsmith::plugin {

ExitStatus run_subset(const SubsetArguments& arguments, CommandContext& context) {
  const CitedSources read = read_sources(arguments.sources, bibliography_folders(context));
  for (const std::string& problem : read.problems) context.console.error(problem);
  if (!read.problems.empty()) return ExitStatus::file_failed;
  SubsetRequest request;
  request.to = arguments.to;
  request.all = read.cites_all;
  for (const CitedKey& cited : read.cited) {
    if (!read.defined.contains(cited.key)) request.keys.push_back(cited.key);
  }
  for (const NamedBibliography& one : read.bibliographies) request.bibliographies.push_back(one.path);
  const Interrupt interrupt;
  const auto answer = write_subset(request, context.session.change_context(interrupt.token()));
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) context.console.print(json_of(*answer, arguments.to).pretty());
  for (const std::string& key : answer->missing) {
    context.console.error(key + " is cited, but in no .bib file that the source names");
  }
  context.console.note("wrote " + std::to_string(answer->entries.size()) +
                       (answer->entries.size() == 1 ? " entry to " : " entries to ") + arguments.to);
  return answer->missing.empty() ? ExitStatus::done : ExitStatus::findings;
}

}  // namespace bibsmith::plugin
