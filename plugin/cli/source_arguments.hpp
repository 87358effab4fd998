#pragma once

#include "plugin/cli/arguments.hpp"

namespace CLI {
class App;
}

namespace bibsmith::plugin {

// The commands that read sources: TeX and what it makes, Markdown, Typst, Org.
CLI::App* add_resolve(CLI::App& app, ResolveArguments& resolve);
CLI::App* add_tex_run(CLI::App& app, TexRunArguments& tex_run);
CLI::App* add_subset(CLI::App& app, SubsetArguments& subset);
CLI::App* add_watch(CLI::App& app, WatchArguments& watch);

}  // namespace bibsmith::plugin
