#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <tuple>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/resolve_output.hpp"

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{500};
constexpr int depth_max = 8;

// Name, size and time of every source: what changes when somebody saves one.
using Looks = std::set<std::tuple<std::string, std::uintmax_t, fs::file_time_type>>;

// What people write, and nothing that LaTeX made. Links to folders are not followed, hidden folders and deep
// ones not entered.
Looks look_at(const std::string& folder) {
  Looks looks;
  std::error_code error;
  fs::recursive_directory_iterator file(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && file != fs::recursive_directory_iterator() && looks.size() < sources_max;
       file.increment(error)) {
    const std::string name = file->path().filename().string();
    if (file->is_directory(error)) {
      if (name.starts_with('.') || file.depth() >= depth_max) file.disable_recursion_pending();
      continue;
    }
    const auto format = source_format(name);
    if (!format || *format == SourceFormat::aux || *format == SourceFormat::bcf) continue;
    const auto size = file->file_size(error);
    const auto time = file->last_write_time(error);
    if (!error) looks.emplace(file->path().lexically_normal().string(), size, time);
  }
  return looks;
}

class Watch {
 public:
  Watch(const WatchArguments& arguments, CommandContext& context)
      : arguments_(arguments), context_(context) {}

  void resolve(const Looks& looks, std::stop_token stop) {
    ResolveSourcesRequest request;
    for (const auto& [path, size, time] : looks) request.sources.push_back(path);
    request.bibliography_folders = bibliography_folders(context_);
    request.to = arguments_.to;
    request.lock = lock_of(arguments_.lock, arguments_.locked, arguments_.folder + "/.");
    request.is_locked = arguments_.locked;
    if (request.sources.empty()) return;
    const auto answer = resolve_sources(context_.session, request, std::move(stop));
    if (!answer) {
      tell_once(answer.error().message);
      return;
    }
    for (const ResolvedKey& one : answer->resolved.added) {
      context_.console.print(one.key + '\n');
      context_.console.note("added " + one.id + " to " + answer->to + " as " + one.key);
    }
    for (const std::string& problem : answer->read.problems) tell_once(problem);
    for (const ArxivId& id : answer->resolved.cited.not_found)
      tell_once(id.str() + ": arXiv has no such paper");
    for (const auto& failure : answer->resolved.cited.failures) {
      tell_once(failure.id.str() + ": could not ask arXiv: " + failure.error.message);
    }
    for (const std::string& key : answer->resolved.not_locked) tell_once(key + " is not in the lock file");
  }

 private:
  // A paper that is still cited wrong at the next save is no news.
  void tell_once(const std::string& line) {
    if (told_.insert(line).second) context_.console.warn(line);
  }

  const WatchArguments& arguments_;
  CommandContext& context_;
  std::set<std::string> told_;
};

}  // namespace

ExitStatus run_watch(const WatchArguments& arguments, CommandContext& context) {
  std::error_code error;
  if (!fs::is_directory(arguments.folder, error)) {
    context.console.error(arguments.folder + " is no folder");
    return ExitStatus::file_failed;
  }
  const Interrupt interrupt;
  Watch watch(arguments, context);
  Looks known;
  context.console.note("watching " + arguments.folder + "; Ctrl-C ends it");
  do {
    Looks looks = look_at(arguments.folder);
    if (looks == known) continue;
    known = std::move(looks);
    watch.resolve(known, interrupt.token());
  } while (context.session.clock().sleep_for(between_looks, interrupt.token()));
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
