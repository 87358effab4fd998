#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/resolve_output.hpp"

namespace bibsmith::plugin {

namespace {

// As shells have it: 127 for what cannot be found, 126 for what cannot be run, 128 and the signal's number.
constexpr int not_found = 127;
constexpr int not_runnable = 126;
constexpr int by_signal = 128;

int run_tool(const std::vector<std::string>& command, Console& console) {
  std::vector<char*> words;
  std::vector<std::string> copies = command;
  for (std::string& word : copies) words.push_back(word.data());
  words.push_back(nullptr);
  pid_t child = 0;
  if (const int why = posix_spawnp(&child, words.front(), nullptr, nullptr, words.data(), environ);
      why != 0) {
    console.error("cannot run " + command.front() + ": " + std::strerror(why));
    return why == ENOENT ? not_found : not_runnable;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return not_runnable;
  }
  return WIFSIGNALED(status) ? by_signal + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string source_of(const TexRunArguments& arguments) {
  const std::string end = arguments.tool == "bibtex" ? ".aux" : ".bcf";
  return arguments.base.ends_with(end) ? arguments.base : arguments.base + end;
}

// Whether the build may go on.
bool resolve_before(const TexRunArguments& arguments, CommandContext& context) {
  context.session.for_build();
  ResolveSourcesRequest request;
  request.sources = {source_of(arguments)};
  request.bibliography_folders = bibliography_folders(context);
  request.to = arguments.to;
  request.is_locked = arguments.locked;
  request.lock = lock_of(arguments.lock, arguments.locked, arguments.base);
  const auto answer = resolve_for(context, request);
  if (!answer) {
    if (arguments.locked) {
      context.console.error(answer.error().message);
      return false;
    }
    context.console.warn(answer.error().message + "; " + arguments.tool + " runs without new entries");
    return true;
  }
  const ExitStatus status = report(*answer, context.console);
  if (status != ExitStatus::done && !arguments.locked) {
    context.console.warn("the build goes on; a later one asks again, or run bibsmith resolve " +
                         request.sources.front() + " --to " + answer->to);
  }
  return status == ExitStatus::done || !arguments.locked;
}

}  // namespace

ExitStatus run_tex_run(const TexRunArguments& arguments, Console& console, CommandContext* context) {
  bool goes_on = true;
  if (context != nullptr) {
    try {  // a bug of ours must not cost the user his build
      goes_on = resolve_before(arguments, *context);
    } catch (const std::exception& bug) {
      console.error(std::string("internal error: ") + bug.what() + "; " + arguments.tool +
                    " runs all the same");
    }
  }
  const int status = run_tool(arguments.command, console);
  if (!goes_on && status == 0) return ExitStatus::findings;
  return static_cast<ExitStatus>(status);
}

}  // namespace bibsmith::plugin
