#include <filesystem>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/resolve_output.hpp"
#include "plugin/cli/verify_output.hpp"
#include "plugin/json/verify_answer.hpp"
#include "plugin/latex/verify_sources.hpp"
#include "plugin/pages/references_page.hpp"
#include "plugin/session/accept.hpp"

namespace bibsmith::plugin {

namespace {

// What speaks against one reference is accepted, as it is now.
ExitStatus accept(const VerifyArguments& arguments, const VerifyAnswer& answer, CommandContext& context) {
  const VerifiedReference* const reference = answer.find(arguments.accept);
  if (reference == nullptr) {
    context.console.error("no such reference: " + arguments.accept);
    return ExitStatus::usage;
  }
  if (reference->was_not_asked()) {
    for (const std::string& why : answer.unasked) context.console.error("could not ask " + why);
    return ExitStatus::could_not_ask;
  }
  const Acceptance acceptance{to_accept(reference->found.verdict), arguments.reason};
  if (acceptance.what.empty()) {
    context.console.note(arguments.accept + " is verified: there is nothing to accept");
    return ExitStatus::done;
  }
  const std::string path =
      acceptance_path(std::filesystem::path(arguments.files.front()).parent_path().string());
  const auto done = accept_reference(path, arguments.accept, acceptance, context.session.change_context());
  if (!done) {
    context.console.error(done.error().message);
    return ExitStatus::file_failed;
  }
  context.console.note(path + ": accepted " + in_words(reference->found.verdict) + " of " + arguments.accept);
  return ExitStatus::done;
}

}  // namespace

ExitStatus run_verify(const VerifyArguments& arguments, CommandContext& context) {
  VerifyAnswer answer;
  {
    const Interrupt interrupt;
    Progress progress(context.console);
    answer = verify_sources(
        context.session, arguments.files, bibliography_folders(context), interrupt.token(),
        [&](std::size_t done, std::size_t total) { progress.show(done, total); }, context.in);
  }
  if (!arguments.accept.empty()) return accept(arguments, answer, context);
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
  context.console.note(
      std::to_string(verified) + " of " + std::to_string(answer.size()) + " verified, " +
      std::to_string(answer.count(VerdictKind::wrong_fields)) + " with wrong fields, " +
      std::to_string(answer.count(VerdictKind::could_not_verify)) + " could not be verified, " +
      std::to_string(answer.count(VerdictKind::does_not_exist)) + " do not exist" +
      (answer.accepted() == 0 ? "" : "; " + std::to_string(answer.accepted()) + " accepted"));
  for (const FileError& failure : answer.failures) context.console.error(failure.message);
  for (const std::string& why : answer.unasked) context.console.error("could not ask " + why);
  if (!answer.failures.empty()) return ExitStatus::file_failed;
  if (!answer.unasked.empty()) return ExitStatus::could_not_ask;
  return verified + answer.accepted() == answer.size() ? ExitStatus::done : ExitStatus::findings;
}

}  // namespace bibsmith::plugin
