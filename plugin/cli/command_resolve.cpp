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

namespace {

// What became of the keys of title words, and what that makes of the exit status.
ExitStatus report_titles(const ResolveAnswer& resolved, Console& console) {
  using bibtex::MatchStatus;
  ExitStatus status = ExitStatus::done;
  std::size_t not_asked = 0;
  for (const TitleKey& one : resolved.titles) {
    const MatchedItem& matched = one.matched;
    if (one.has_spaces) {
      console.warn(one.asked + ": no entry can have a key with spaces: write hyphens, or use --rewrite");
    } else if (matched.could_not_ask) {
      ++not_asked;
    } else if (matched.status == MatchStatus::renamed) {
      console.note(one.asked + " has another title now: '" + matched.chosen.front().record.title + "'");
    } else if (matched.status == MatchStatus::several) {
      std::string ids;
      for (const MatchedItem::Choice& choice : matched.chosen) ids += ' ' + choice.record.arxiv_id->base();
      console.warn(one.asked + " may be any of" + ids + ": cite the id of the one that you mean");
    } else if (matched.status == MatchStatus::none) {
      std::string line = one.asked + ": no paper of that title was found";
      if (!matched.refused.empty()) {
        const Record& nearest = matched.refused.front().record;
        line += "; the nearest is " + nearest.arxiv_id->base() + ", '" + nearest.title + "'";
      }
      console.warn(line);
    }
    if (!one.paper()) status = ExitStatus::findings;
  }
  if (not_asked == 0) return status;
  console.error("could not ask arXiv about " + std::to_string(not_asked) + " titles" +
                (resolved.titles_error ? ": " + resolved.titles_error->message : std::string()));
  return ExitStatus::could_not_ask;
}

}  // namespace

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
  ExitStatus status = std::max(report(resolved.cited, console), report_titles(resolved, console));
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
  request.by_title = arguments.titles;
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
