#include <algorithm>
#include <filesystem>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/resolve_output.hpp"
#include "plugin/json/answers.hpp"

namespace bibsmith::plugin {

std::string lock_of(const std::string& given, bool is_locked, const std::string& source) {
  if (!given.empty()) return given;
  const std::filesystem::path beside = std::filesystem::path(source).parent_path() / "bibsmith.lock";
  std::error_code error;
  return is_locked || std::filesystem::exists(beside, error) ? beside.string() : "";
}

std::vector<std::string> bibliography_folders(const CommandContext& context) {
  return folders_in(context.environment("BIBINPUTS").value_or(""));
}

tl::expected<ResolveSourcesAnswer, FileError> resolve_for(CommandContext& context,
                                                          const ResolveSourcesRequest& request) {
  const Interrupt interrupt;
  Progress progress(context.console);
  return resolve_sources(context.session, request, interrupt.token(),
                         [&](std::size_t done, std::size_t total) { progress.show(done, total); });
}

ExitStatus report(const ResolveSourcesAnswer& answer, Console& console) {
  const ResolveAnswer& resolved = answer.resolved;
  for (const std::string& problem : answer.read.problems) console.warn(problem);
  for (const ResolvedKey& one : resolved.added) {
    console.note("added " + one.id + " to " + answer.to + " as " + one.key);
  }
  for (const AlsoUnder& one : resolved.also_under) {
    console.note(one.asked + " stands in " + one.path + " as " + one.key +
                 " too: cite that, or let resolve --rewrite do it");
  }
  for (const std::string& key : resolved.not_lockable) {
    console.warn(key + " is not locked: its entry is not UTF-8");
  }
  for (const std::string& key : resolved.not_locked) {
    console.error(key + " is neither in a .bib file nor in the lock file: run resolve without --locked");
  }
  for (const std::string& key : resolved.not_as_locked) {
    console.error(
        key + ": the entry is not as the lock file has it: undo the change, or run resolve without --locked");
  }
  ExitStatus status = report(resolved.cited, console);
  if (!resolved.unresolved.empty()) {
    constexpr std::size_t keys_told_max = 10;
    std::string keys;
    for (std::size_t i = 0; i < std::min(resolved.unresolved.size(), keys_told_max); ++i) {
      keys += (i == 0 ? "" : ", ") + resolved.unresolved[i].asked;
    }
    if (resolved.unresolved.size() > keys_told_max) keys += " and more";
    console.warn("undefined for now: " + keys);
  }
  if (!resolved.not_locked.empty() || !resolved.not_as_locked.empty()) {
    status = std::max(status, ExitStatus::findings);
  }
  return status;
}

ExitStatus run_resolve(const ResolveArguments& arguments, CommandContext& context) {
  ResolveSourcesRequest request;
  request.sources = arguments.sources;
  request.bibliography_folders = bibliography_folders(context);
  request.to = arguments.to;
  request.map = arguments.map;
  request.is_locked = arguments.locked;
  request.lock = lock_of(arguments.lock, arguments.locked, arguments.sources.front());
  if (arguments.ids) request.request_keys = RequestKeys::ids;
  if (arguments.rewrite) request.request_keys = RequestKeys::renamed;
  const auto answer = resolve_for(context, request);
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(answer->resolved, answer->to).pretty());
  } else if (arguments.rewrite) {
    for (const ResolvedKey& one : answer->resolved.renamed) {
      context.console.print(one.asked + '\t' + one.key + '\n');
    }
  } else {
    for (const ResolvedKey& one : answer->resolved.added) context.console.print(one.key + '\n');
  }
  return report(*answer, context.console);
}

}  // namespace bibsmith::plugin
