#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

ExitStatus run_export(const ExportArguments& arguments, CommandContext& context) {
  // The parser of the command line let known formats through only.
  const auto format = bibtex::export_format(arguments.format).value_or(bibtex::ExportFormat::csl_json);
  const auto answer = export_file(arguments.file, format);
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  for (const std::string& key : answer->repeated) {
    context.console.warn(key + " is there twice; the first entry is exported");
  }
  context.console.print(answer->text);
  context.console.inform(std::to_string(answer->entries) + " entries exported");
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
