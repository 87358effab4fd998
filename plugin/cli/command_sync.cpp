#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fetchers/cache/postgres_address.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/sync_answers.hpp"
#include "plugin/session/follow.hpp"
#include "plugin/session/library_undo.hpp"
#include "plugin/session/sync.hpp"
#include "plugin/session/time_text.hpp"

namespace bibsmith::plugin {

namespace {

// nullopt: it cannot be had, and the user was told why.
std::optional<fetchers::PostgresLibrary> open_library(CommandContext& context) {
  const std::string& store = context.session.settings().store;
  if (context.session.settings().offline) {
    context.console.error("a shared library is in a store, and offline mode forbids to ask it");
    return std::nullopt;
  }
  if (!fetchers::is_postgres_url(store)) {
    context.console.error(
        "libraries are shared in PostgreSQL: name the group's store with --store postgresql://HOST/DATABASE");
    return std::nullopt;
  }
  auto library = fetchers::PostgresLibrary::open({.url = store});
  if (library) return std::move(*library);
  context.console.error(library.error().message);
  return std::nullopt;
}

// As a diff of the two sides: what the file has and what the library has.
std::string lines_of(const std::vector<SyncConflict>& conflicts) {
  std::string text;
  const auto add = [&](char mark, const std::optional<std::string>& value) {
    if (!value) return;
    for (std::size_t begin = 0; begin < value->size();) {
      const std::size_t end = std::min(value->find('\n', begin), value->size());
      text += std::string("  ") + mark + value->substr(begin, end - begin) + '\n';
      begin = end + 1;
    }
  };
  for (const SyncConflict& conflict : conflicts) {
    for (const bibtex::PartConflict& part : conflict.parts) {
      text += conflict.key + (part.part.empty() ? "" : ": " + part.part) + '\n';
      add('-', part.file);
      add('+', part.library);
    }
  }
  return text;
}

std::string said_of(const SyncedEntries& entries) {
  return std::to_string(entries.added.size()) + " added, " + std::to_string(entries.changed.size()) +
         " changed, " + std::to_string(entries.removed.size()) + " removed";
}

// What a change did to an entry, by the first lines of its texts: "@article{smith2020,".
std::string line_of(const fetchers::LibraryEvent& event) {
  const std::string& text = event.new_text ? *event.new_text : event.old_text.value_or(std::string{});
  const char* what = !event.old_text ? "added" : !event.new_text ? "removed" : "changed";
  std::string head = text.substr(0, text.find('\n'));
  if (head.ends_with(',')) head.pop_back();
  return std::to_string(event.revision) + '\t' +
         time_of(std::chrono::sys_seconds(std::chrono::seconds(event.made))) + '\t' + event.person + '\t' +
         what + '\t' + head + '\n';
}

void tell(const SyncAnswer& answer, const SyncRequest& request, CommandContext& context,
          bool prints_conflicts) {
  if (prints_conflicts) context.console.print(lines_of(answer.conflicts));
  for (const std::string& problem : answer.problems) context.console.warn(problem);
  context.console.note(request.file + ": " + said_of(answer.file));
  context.console.note("library " + request.library + ": " + said_of(answer.library));
  if (answer.conflicts.empty()) return;
  context.console.note(std::to_string(answer.conflicts.size()) +
                       " entries were changed on both sides and left: - the file, + the library");
}

// Tells what is new: a sync that changed something, and conflicts and problems once.
ExitStatus follow(const SyncRequest& request, fetchers::PostgresLibrary library, const ChangeContext& changes,
                  CommandContext& context) {
  // What is wrong from the beginning is no reason to wait.
  if (const auto listening = library.listen(request.library); !listening) {
    context.console.error(listening.error().message);
    return ExitStatus::file_failed;
  }
  std::optional<fetchers::PostgresLibrary> first(std::move(library));
  const auto open = [&]() -> tl::expected<fetchers::PostgresLibrary, fetchers::LibraryError> {
    if (!first) return fetchers::PostgresLibrary::open({.url = context.session.settings().store});
    auto opened = std::move(*first);
    first.reset();
    return opened;
  };
  std::string told;  // of conflicts and problems
  bool is_first = true;
  context.console.note("following the library " + request.library + "; Ctrl-C ends it");
  follow_library(request, open, changes, [&](const tl::expected<SyncAnswer, SyncError>& answer) {
    if (!answer) return context.console.warn(answer.error().message);
    std::string now = lines_of(answer->conflicts);
    for (const std::string& problem : answer->problems) now += problem + '\n';
    const bool is_news =
        std::exchange(is_first, false) || now != told || answer->changed_file || answer->changed_library;
    told = std::move(now);
    if (!is_news) return;
    if (context.common.json) context.console.print(json_of(*answer, request).compact() + '\n');
    tell(*answer, request, context, !context.common.json);
    context.console.flush();
  });
  return ExitStatus::done;
}

ExitStatus run_library_undo(const LibraryArguments& arguments, fetchers::PostgresLibrary& library,
                            CommandContext& context) {
  const auto answer = undo_library_change(library, arguments.name, arguments.revision, arguments.dry_run);
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, arguments.name, !arguments.dry_run).pretty());
  } else {
    context.console.print(lines_of(answer->conflicts));
  }
  context.console.note("library " + arguments.name + ": " + said_of(answer->library));
  if (answer->conflicts.empty()) return ExitStatus::done;
  context.console.note(std::to_string(answer->conflicts.size()) +
                       " entries were changed since and left: - what was to come back, + the library");
  return ExitStatus::findings;
}

template <typename Answer, typename Print>
ExitStatus show(const tl::expected<Answer, fetchers::LibraryError>& answer, CommandContext& context,
                const Print& print) {
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  print(*answer);
  return ExitStatus::done;
}

}  // namespace

ExitStatus run_sync(const SyncArguments& arguments, CommandContext& context) {
  auto library = open_library(context);
  if (!library) return ExitStatus::file_failed;
  SyncRequest request;
  request.file = arguments.file;
  request.library = arguments.library;
  request.store = fetchers::shown_address(context.session.settings().store);
  for (std::string& key : listed_words(arguments.keep_file)) request.keep_file.insert(std::move(key));
  for (std::string& key : listed_words(arguments.keep_library)) request.keep_library.insert(std::move(key));
  request.may_delete_most = arguments.may_delete_most;
  request.only_plans = arguments.dry_run || arguments.diff;
  const Interrupt interrupt;
  const ChangeContext changes = context.session.change_context(interrupt.token());
  if (arguments.follow) return follow(request, std::move(*library), changes, context);
  const auto answer = sync_file(request, *library, changes);
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, request).pretty());
  } else if (arguments.diff) {
    context.console.print_diff(answer->diff);
  }
  tell(*answer, request, context, !context.common.json && !arguments.diff);
  return answer->conflicts.empty() && answer->problems.empty() ? ExitStatus::done : ExitStatus::findings;
}

ExitStatus run_library(const LibraryArguments& arguments, CommandContext& context) {
  using Action = LibraryArguments::Action;
  auto library = open_library(context);
  if (!library) return ExitStatus::file_failed;
  Console& console = context.console;
  const bool json = context.common.json;
  switch (arguments.action) {
    case Action::list:
      return show(library->list(), context, [&](const auto& libraries) {
        if (json) return console.print(json_of_libraries(libraries).pretty());
        for (const auto& [name, role] : libraries) console.print(name + '\t' + role + '\n');
      });
    case Action::members:
      return show(library->members(arguments.name), context, [&](const auto& members) {
        if (json) return console.print(json_of(members).pretty());
        for (const auto& one : members) console.print(one.person + '\t' + one.role + '\n');
      });
    case Action::history:
      return show(library->history(arguments.name, {arguments.max, arguments.person}), context,
                  [&](const auto& events) {
                    if (json) return console.print(json_of(events).pretty());
                    for (const auto& one : events) console.print(line_of(one));
                  });
    case Action::undo:
      return run_library_undo(arguments, *library, context);
    case Action::create:
    case Action::grant:
    case Action::revoke:
      break;
  }
  const auto done = arguments.action == Action::create
                        ? library->create(arguments.name)
                        : library->set_role(arguments.name, arguments.person, arguments.role);
  if (done) return ExitStatus::done;
  console.error(done.error().message);
  return ExitStatus::file_failed;
}

}  // namespace bibsmith::plugin
