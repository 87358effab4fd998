#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/json/answers.hpp"

namespace bibsmith::plugin {

namespace {

std::string abilities_of(const PluginDescription& said) {
  std::string out;
  const auto add = [&](const std::string& one) { out += (out.empty() ? "" : ", ") + one; };
  if (said.fetcher) {
    for (const std::string& scheme : said.fetcher->schemes) add("fetches " + scheme + ":ID");
  }
  if (!said.exporter.empty()) add("writes " + said.exporter);
  if (!said.importer.empty()) add("reads " + said.importer);
  if (said.makes_keys) add("makes keys");
  if (said.normalizes) add("normalizes entries");
  if (said.resolves) add("finds published versions");
  return out.empty() ? "nothing that this version knows" : out;
}

}  // namespace

ExitStatus run_plugin(const PluginArguments&, CommandContext& context) {
  const std::vector<PluginListing> plugins = context.session.plugins().list();
  if (context.common.json) {
    context.console.print(json_of(plugins).pretty());
    return ExitStatus::done;
  }
  for (const PluginListing& one : plugins) {
    const std::string version = one.description.version.empty() ? "" : ' ' + one.description.version;
    context.console.print(one.file.name + version + ": " +
                          (one.problem.empty() ? abilities_of(one.description) : "not used: " + one.problem) +
                          '\n');
  }
  if (plugins.empty()) context.console.inform("no plugin is named: see docs/plugins.md");
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
