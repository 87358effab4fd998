#pragma once

#include <string>
#include <vector>

#include "plugin/cli/commands.hpp"
#include "plugin/latex/resolve_sources.hpp"

namespace bibsmith::plugin {

// --lock, or bibsmith.lock beside the source: always with --locked, else only if it is there.
std::string lock_of(const std::string& given, bool is_locked, const std::string& source);

// The folders of BIBINPUTS.
std::vector<std::string> bibliography_folders(const CommandContext& context);

// resolve_sources() with a bar, until Ctrl-C.
tl::expected<ResolveSourcesAnswer, FileError> resolve_for(CommandContext& context,
                                                          const ResolveSourcesRequest& request);

// Says what was done and what could not be had, and what that makes of the exit status.
ExitStatus report(const ResolveSourcesAnswer& answer, Console& console);

}  // namespace bibsmith::plugin
