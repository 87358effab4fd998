#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "fetchers/cache/postgres_address.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/sync_answers.hpp"
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
std::string lines_of(const SyncConflict& conflict) {
  std::string text;
  const auto add = [&](char mark, const std::optional<std::string>& value) {
    if (!value) return;
    for (std::size_t begin = 0; begin < value->size();) {
      const std::size_t end = std::min(value->find('\n', begin), value->size());
      text += std::string("  ") + mark + value->substr(begin, end - begin) + '\n';
      begin = end + 1;
    }
  };
  for (const bibtex::PartConflict& part : conflict.parts) {
    text += conflict.key + (part.part.empty() ? "" : ": " + part.part) + '\n';
    add('-', part.file);
    add('+', part.library);
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
  const auto answer = sync_file(request, *library, context.session.change_context(interrupt.token()));
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(*answer, request).pretty());
  } else if (arguments.diff) {
    context.console.print_diff(answer->diff);
  } else {
    for (const SyncConflict& conflict : answer->conflicts) context.console.print(lines_of(conflict));
  }
  for (const std::string& problem : answer->problems) context.console.warn(problem);
  context.console.note(arguments.file + ": " + said_of(answer->file));
  context.console.note("library " + arguments.library + ": " + said_of(answer->library));
  if (!answer->conflicts.empty()) {
    context.console.note(std::to_string(answer->conflicts.size()) +
                         " entries were changed on both sides and left: - the file, + the library");
  }
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
      return show(library->history(arguments.name, arguments.max), context, [&](const auto& events) {
        if (json) return console.print(json_of(events).pretty());
        for (const auto& one : events) console.print(line_of(one));
      });
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
