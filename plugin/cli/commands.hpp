#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin/cli/arguments.hpp"
#include "plugin/cli/console.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What a command has no more use for and does not free itself: a program that ends right behind it need not
// take ten thousand records apart one by one, the system takes the memory back at once.
using Remains = std::vector<std::shared_ptr<void>>;

// What every command is given.
struct CommandContext {
  const CommonArguments& common;
  Session& session;
  Console& console;
  std::FILE* in;
  const Environment& environment;
  Remains& remains;
};

ExitStatus run_get(const GetArguments& arguments, CommandContext& context);
ExitStatus run_add(const AddArguments& arguments, CommandContext& context);
ExitStatus run_search(const SearchArguments& arguments, CommandContext& context);
ExitStatus run_author(const AuthorArguments& arguments, CommandContext& context);
ExitStatus run_match(const MatchArguments& arguments, CommandContext& context);
ExitStatus run_harvest(const HarvestArguments& arguments, CommandContext& context);
ExitStatus run_cache(const CacheArguments& arguments, CommandContext& context);
ExitStatus run_check(const CheckArguments& arguments, CommandContext& context);
ExitStatus run_verify(const VerifyArguments& arguments, CommandContext& context);
ExitStatus run_update(const UpdateArguments& arguments, CommandContext& context);
ExitStatus run_format(const FormatArguments& arguments, CommandContext& context);
ExitStatus run_dedupe(const DedupeArguments& arguments, CommandContext& context);
ExitStatus run_keys(const KeysArguments& arguments, CommandContext& context);
ExitStatus run_undo(const UndoArguments& arguments, CommandContext& context);
ExitStatus run_history(const HistoryArguments& arguments, CommandContext& context);
ExitStatus run_sync(const SyncArguments& arguments, CommandContext& context);
ExitStatus run_library(const LibraryArguments& arguments, CommandContext& context);
ExitStatus run_plugin(const PluginArguments& arguments, CommandContext& context);
ExitStatus run_export(const ExportArguments& arguments, CommandContext& context);
ExitStatus run_resolve(const ResolveArguments& arguments, CommandContext& context);
ExitStatus run_subset(const SubsetArguments& arguments, CommandContext& context);
ExitStatus run_watch(const WatchArguments& arguments, CommandContext& context);
// `context` is nullptr where the settings could not be read: the tool runs all the same.
ExitStatus run_tex_run(const TexRunArguments& arguments, Console& console, CommandContext* context);

// "bibtex" or "biblatex"; nullopt: any other word, for "as the file is".
std::optional<bibtex::Dialect> dialect_of(const std::string& name);

// The ids of the command line, with "-" replaced by the lines of standard input; blank lines and those
// beginning with '#' are skipped.
std::vector<std::string> read_ids(const std::vector<std::string>& arguments, std::FILE* in);

// The words of an option that takes several, with commas between them and any number of times.
std::vector<std::string> listed_words(const std::vector<std::string>& lists);

// Says so if no plugin writes the format, and it is none of ours.
bool check_format(const std::string& format, const char* command, CommandContext& context);

// Says in words what could not be had, and what that makes of the exit status.
ExitStatus report(const CiteAnswer& answer, Console& console);

}  // namespace bibsmith::plugin
