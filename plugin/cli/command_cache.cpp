#include <string>

#include <fmt/format.h>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/json/match_answer.hpp"
#include "plugin/session/import_records.hpp"

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

ExitStatus import_files(const std::vector<std::string>& files, CommandContext& context) {
  const Interrupt interrupt;
  for (const std::string& file : files) {
    tl::expected<ImportAnswer, std::string> answer;
    {
      Progress progress(context.console);
      answer = import_records(context.session, {file, context.in}, interrupt.token(),
                              [&](std::uint64_t done, std::uint64_t total) {
                                if (total > 0) progress.show(done, total);
                              });
    }
    if (!answer) {
      context.console.error(answer.error());
      return ExitStatus::file_failed;
    }
    if (context.common.json) context.console.print(json_of(*answer, file).pretty());
    if (answer->kind == ImportKind::cache) continue;
    if (answer->before > 0) {
      context.console.note(file + ": goes on behind " + std::to_string(answer->before) + " records");
    }
    context.console.note(file + ": " + std::to_string(answer->records) + " records");
    if (answer->left_out > 0) {
      context.console.warn(file + ": " + std::to_string(answer->left_out) +
                           " left out, the first: " + answer->first_left_out);
    }
    if (!answer->finished) {
      context.console.warn(file + ": stopped; the same command goes on from there");
      return ExitStatus::findings;
    }
  }
  return ExitStatus::done;
}

// What was imported or harvested goes too: nothing of what was read is left.
bool clear_index(CommandContext& context) {
  const auto index = context.session.open_index();
  const auto done = index ? (*index)->clear() : tl::unexpected(index.error());
  if (!done) context.console.error(done.error().message);
  return done.has_value();
}

}  // namespace

ExitStatus run_cache(const CacheArguments& arguments, CommandContext& context) {
  using Action = CacheArguments::Action;
  const auto failed = [&](const fetchers::StoreError& error) {
    context.console.error(error.message);
    return ExitStatus::file_failed;
  };
  if (arguments.action == Action::import_from) return import_files(arguments.files, context);
  const auto store = context.session.open_store();
  if (!store) return failed(store.error());
  if (arguments.action == Action::stats || arguments.action == Action::path) {
    const auto stats = (*store)->stats();
    if (!stats) return failed(stats.error());
    if (arguments.action == Action::stats) return print_stats(*stats, context);
    context.console.print(stats->place + '\n');
    return ExitStatus::done;
  }
  const bool clears = arguments.action == Action::clear;
  const auto done = clears ? (*store)->clear() : (*store)->export_to(arguments.file);
  if (!done) return failed(done.error());
  return !clears || clear_index(context) ? ExitStatus::done : ExitStatus::file_failed;
}

}  // namespace bibsmith::plugin
