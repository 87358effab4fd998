#include "plugin/cli/run.hpp"

#include <exception>
#include <filesystem>
#include <string>

#include "plugin/cli/arguments.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/console.hpp"
#include "plugin/cli/interrupt.hpp"

namespace bibsmith::plugin {

namespace {

// Where a project's bibsmith.toml is looked for: beside the file that a command works on.
std::string directory_of(const Arguments& arguments) {
  const auto folder_of = [](const std::string& file) {
    return std::filesystem::path(file).parent_path().string();
  };
  if (const auto* add = std::get_if<AddArguments>(&arguments.command)) return folder_of(add->to);
  if (const auto* author = std::get_if<AuthorArguments>(&arguments.command)) return folder_of(author->bib);
  if (const auto* match = std::get_if<MatchArguments>(&arguments.command)) return folder_of(match->to);
  if (const auto* verify = std::get_if<VerifyArguments>(&arguments.command)) {
    return folder_of(verify->files.front());
  }
  if (const auto* tex_run = std::get_if<TexRunArguments>(&arguments.command)) return folder_of(tex_run->base);
  if (const auto* watch = std::get_if<WatchArguments>(&arguments.command)) return watch->folder;
  if (const auto* resolve = std::get_if<ResolveArguments>(&arguments.command)) {
    return folder_of(resolve->sources.front());
  }
  return {};
}

tl::expected<Settings, SettingsError> settings_of(const Arguments& arguments, const Environment& environment,
                                                  const Warn& warn) {
  auto settings = load_settings(arguments.common.config, directory_of(arguments), environment, warn);
  if (!settings) return settings;
  if (!arguments.common.store.empty()) settings->store = arguments.common.store;
  settings->offline = settings->offline || arguments.common.offline;
  if (auto finished = finish_settings(*settings, environment, warn); !finished) {
    return tl::unexpected(finished.error());
  }
  return settings;
}

// A skin speaks on its own; what it tells on the way goes to standard error.
ExitStatus run_serve(const ServeArguments& arguments, const Settings& settings,
                     const Environment& environment, const OtherSkins& others, Console& console) {
  const Interrupt interrupt;
  const std::string problem = others.serve(
      settings, environment, arguments, [&](const std::string& line) { console.note(line); },
      interrupt.token());
  if (problem.empty()) return ExitStatus::done;
  console.error(problem);
  return ExitStatus::file_failed;
}

ExitStatus run(const Arguments& arguments, const Environment& environment, std::FILE* in, Console& console,
               const OtherSkins& others, Remains* remains) {
  const Warn warn = [&console](std::string_view line) { console.warn(line); };
  auto settings = settings_of(arguments, environment, warn);
  if (!settings) {
    console.error(settings.error().message);
    const auto* tex_run = std::get_if<TexRunArguments>(&arguments.command);
    return tex_run ? run_tex_run(*tex_run, console, nullptr) : ExitStatus::usage;
  }
  if (const auto* serve = std::get_if<ServeArguments>(&arguments.command)) {
    return run_serve(*serve, *settings, environment, others, console);
  }
  if (std::holds_alternative<LspArguments>(arguments.command)) {
    const Interrupt interrupt;
    return static_cast<ExitStatus>(others.lsp(*settings, interrupt.token()));
  }
  Session session(std::move(*settings), warn);
  Remains freed_here;
  CommandContext context{
      arguments.common, session, console, in, environment, remains != nullptr ? *remains : freed_here};
  struct Dispatch {
    CommandContext& context;
    ExitStatus operator()(const GetArguments& command) const { return run_get(command, context); }
    ExitStatus operator()(const AddArguments& command) const { return run_add(command, context); }
    ExitStatus operator()(const SearchArguments& command) const { return run_search(command, context); }
    ExitStatus operator()(const AuthorArguments& command) const { return run_author(command, context); }
    ExitStatus operator()(const MatchArguments& command) const { return run_match(command, context); }
    ExitStatus operator()(const HarvestArguments& command) const { return run_harvest(command, context); }
    ExitStatus operator()(const CacheArguments& command) const { return run_cache(command, context); }
    ExitStatus operator()(const CheckArguments& command) const { return run_check(command, context); }
    ExitStatus operator()(const VerifyArguments& command) const { return run_verify(command, context); }
    ExitStatus operator()(const UpdateArguments& command) const { return run_update(command, context); }
    ExitStatus operator()(const FormatArguments& command) const { return run_format(command, context); }
    ExitStatus operator()(const DedupeArguments& command) const { return run_dedupe(command, context); }
    ExitStatus operator()(const KeysArguments& command) const { return run_keys(command, context); }
    ExitStatus operator()(const UndoArguments& command) const { return run_undo(command, context); }
    ExitStatus operator()(const HistoryArguments& command) const { return run_history(command, context); }
    ExitStatus operator()(const SyncArguments& command) const { return run_sync(command, context); }
    ExitStatus operator()(const LibraryArguments& command) const { return run_library(command, context); }
    ExitStatus operator()(const ExportArguments& command) const { return run_export(command, context); }
    ExitStatus operator()(const PluginArguments& command) const { return run_plugin(command, context); }
    ExitStatus operator()(const ResolveArguments& command) const { return run_resolve(command, context); }
    ExitStatus operator()(const SubsetArguments& command) const { return run_subset(command, context); }
    ExitStatus operator()(const WatchArguments& command) const { return run_watch(command, context); }
    ExitStatus operator()(const TexRunArguments& command) const {
      return run_tex_run(command, context.console, &context);
    }
    // They have no one Session.
    ExitStatus operator()(const ServeArguments&) const { return ExitStatus::bug; }
    ExitStatus operator()(const LspArguments&) const { return ExitStatus::bug; }
  };
  return std::visit(Dispatch{context}, arguments.command);
}

}  // namespace

int run_command_line(int argc, const char* const* argv, const Environment& environment, std::FILE* in,
                     std::FILE* out, std::FILE* err, const OtherSkins& others, Remains* remains) {
  const auto arguments = parse_arguments(argc, argv);
  const bool no_color = environment("NO_COLOR").value_or("") != "";
  Console console(arguments ? arguments->common : CommonArguments{}, no_color, out, err);
  ExitStatus status = ExitStatus::bug;
  // The last line of defence: a bug of ours, or no memory, is one line and a status, never a dump.
  try {
    if (arguments) {
      status = run(*arguments, environment, in, console, others, remains);
    } else if (arguments.error().status == ExitStatus::done) {
      console.print(arguments.error().text);
      status = ExitStatus::done;
    } else {
      console.error(arguments.error().text);
      status = arguments.error().status;
    }
  } catch (const std::exception& bug) {
    console.error(std::string("internal error: ") + bug.what() +
                  "; please report it with the command that you gave");
  }
  return static_cast<int>(console.finish(status));
}

}  // namespace bibsmith::plugin
