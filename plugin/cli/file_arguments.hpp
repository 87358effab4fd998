#pragma once

#include <string>

#include "plugin/cli/arguments.hpp"

namespace CLI {
class App;
}

namespace bibsmith::plugin {

// What stands below the help of one command, which does not list what every command takes.
std::string footer_of(const char* text);

// The commands that look at or change .bib files.
CLI::App* add_check(CLI::App& app, CheckArguments& check);
CLI::App* add_verify(CLI::App& app, VerifyArguments& verify);
CLI::App* add_update(CLI::App& app, UpdateArguments& update);
CLI::App* add_format(CLI::App& app, FormatArguments& format);
CLI::App* add_dedupe(CLI::App& app, DedupeArguments& dedupe);
CLI::App* add_keys(CLI::App& app, KeysArguments& keys);
CLI::App* add_undo(CLI::App& app, UndoArguments& undo);
CLI::App* add_history(CLI::App& app, HistoryArguments& history);
CLI::App* add_sync(CLI::App& app, SyncArguments& sync);
CLI::App* add_library(CLI::App& app, LibraryArguments& library);
CLI::App* add_export(CLI::App& app, ExportArguments& arguments);

}  // namespace bibsmith::plugin
