#include <string>

#include <fmt/format.h>

#include "plugin/cli/commands.hpp"
#include "plugin/json/answers.hpp"

namespace bibsmith::plugin {

namespace {

ExitStatus print_stats(const fetchers::StoreStats& stats, CommandContext& context) {
  if (context.common.json) {
    context.console.print(json_of(stats).pretty());
  } else {
    const std::string bound =
        stats.bytes_max != 0 ? fmt::format(" of at most {}", stats.bytes_max >> 20) : "";
    context.console.print(fmt::format("{}\n{} answers, {} known to be missing, {:.1f}{} MiB\n", stats.place,
                                      stats.answers, stats.missing,
                                      static_cast<double>(stats.bytes) / (1 << 20), bound));
  }
  return ExitStatus::done;
}

}  // namespace

ExitStatus run_cache(const CacheArguments& arguments, CommandContext& context) {
  using Action = CacheArguments::Action;
  const auto failed = [&](const fetchers::StoreError& error) {
    context.console.error(error.message);
    return ExitStatus::file_failed;
  };
  const auto store = context.session.open_store();
  if (!store) return failed(store.error());
  if (arguments.action == Action::stats || arguments.action == Action::path) {
    const auto stats = (*store)->stats();
    if (!stats) return failed(stats.error());
    if (arguments.action == Action::stats) return print_stats(*stats, context);
    context.console.print(stats->place + '\n');
    return ExitStatus::done;
  }
  const auto done = arguments.action == Action::clear       ? (*store)->clear()
                    : arguments.action == Action::export_to ? (*store)->export_to(arguments.file)
                                                            : (*store)->import_from(arguments.file);
  return done ? ExitStatus::done : failed(done.error());
}

}  // namespace bibsmith::plugin
