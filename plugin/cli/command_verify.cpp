#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/resolve_output.hpp"
#include "plugin/cli/verify_output.hpp"
#include "plugin/json/verify_answer.hpp"
#include "plugin/latex/verify_sources.hpp"
#include "plugin/pages/references_page.hpp"

namespace bibsmith::plugin {

ExitStatus run_verify(const VerifyArguments& arguments, CommandContext& context) {
  VerifyAnswer answer;
  {
    const Interrupt interrupt;
    Progress progress(context.console);
    answer =
        verify_sources(context.session, arguments.files, bibliography_folders(context), interrupt.token(),
                       [&](std::size_t done, std::size_t total) { progress.show(done, total); });
  }
  if (context.common.json || arguments.format == "json") {
    context.console.print(json_of(answer).pretty());
  } else if (arguments.format == "html") {
    context.console.print(references_page(answer));
  } else {
    context.console.print(arguments.format == "github" ? github_of(answer)
                                                       : text_of(answer, context.common.verbose));
  }
  using bibtex::VerdictKind;
  const std::size_t verified = answer.count(VerdictKind::verified);
  context.console.note(std::to_string(verified) + " of " + std::to_string(answer.size()) + " verified, " +
                       std::to_string(answer.count(VerdictKind::wrong_fields)) + " with wrong fields, " +
                       std::to_string(answer.count(VerdictKind::could_not_verify)) +
                       " could not be verified, " +
                       std::to_string(answer.count(VerdictKind::does_not_exist)) + " do not exist");
  for (const FileError& failure : answer.failures) context.console.error(failure.message);
  for (const std::string& why : answer.unasked) context.console.error("could not ask " + why);
  if (!answer.failures.empty()) return ExitStatus::file_failed;
  if (!answer.unasked.empty()) return ExitStatus::could_not_ask;
  return verified == answer.size() ? ExitStatus::done : ExitStatus::findings;
}

}  // namespace bibsmith::plugin
