#include <optional>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

namespace {

// The entries of the file, which a plugin reads if we do not. nullopt: it was said why there are none.
std::optional<ResolvedEntries> read_entries(const ExportArguments& arguments, const std::stop_token& stop,
                                            CommandContext& context) {
  auto text = read_file(arguments.file);
  if (!text || !*text) {
    context.console.error(text ? arguments.file + ": no such file" : text.error().message);
    return std::nullopt;
  }
  auto entries = entries_of_text(**text, arguments.file, arguments.from, arguments.format);
  if (!entries) {
    auto read = context.session.plugins().read(*arguments.from, **text,
                                               {bibtex::Dialect::biblatex, bibtex::TextEncoding::utf8}, stop);
    if (read && *read) return ResolvedEntries{**std::move(read), {}};
    context.console.error(read ? read->error().message : "no plugin reads the format " + *arguments.from);
    return std::nullopt;
  }
  if (*entries) return **std::move(entries);
  context.console.error(entries->error().message);
  return std::nullopt;
}

}  // namespace

ExitStatus run_export(const ExportArguments& arguments, CommandContext& context) {
  if (!check_format(arguments.format, "export", context)) return ExitStatus::usage;
  const Interrupt interrupt;
  const auto answer = read_entries(arguments, interrupt.token(), context);
  if (!answer) return ExitStatus::file_failed;
  const auto text = entries_in_format(context.session, answer->entries, arguments.format, interrupt.token());
  if (!text) {
    context.console.error(text.error().message);
    return ExitStatus::could_not_ask;
  }
  for (const std::string& key : answer->repeated) {
    context.console.warn(key + " is there twice; the first entry is exported");
  }
  context.console.print(*text);
  context.console.inform(std::to_string(answer->entries.size()) + " entries exported");
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
