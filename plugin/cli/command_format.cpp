#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/format.hpp"

namespace bibsmith::plugin {

namespace {

FormatOptions options_of(const FormatArguments& arguments) {
  FormatOptions options;
  if (arguments.indent == "tab") {
    options.indent = "\t";
  } else if (!arguments.indent.empty()) {
    options.indent = std::string(std::stoul(arguments.indent), ' ');
  }
  if (arguments.align == "none") {
    options.equals_column = 0;
  } else if (!arguments.align.empty()) {
    options.equals_column = static_cast<std::uint32_t>(std::stoul(arguments.align));
  }
  if (!arguments.delimiters.empty()) options.has_quotes = arguments.delimiters == "quotes";
  if (!arguments.word_case.empty()) {
    options.word_case =
        arguments.word_case == "upper" ? bibtex::LetterCase::upper : bibtex::LetterCase::lower;
  }
  return options;
}

}  // namespace

ExitStatus run_format(const FormatArguments& arguments, CommandContext& context) {
  const FormatOptions options = options_of(arguments);
  const bool only_looks = arguments.check || arguments.diff;
  std::vector<FormattedFile> files;
  ExitStatus status = ExitStatus::done;
  const Interrupt interrupt;
  for (const std::string& path : arguments.files) {
    auto answer = only_looks ? plan_format(path, options)
                             : format_file(path, options, context.session.change_context(interrupt.token()));
    if (!answer) {
      context.console.error(answer.error().message);
      status = ExitStatus::file_failed;
      if (interrupt.requested()) break;
      continue;
    }
    if (arguments.diff && !context.common.json) context.console.print_diff(answer->diff);
    if (answer->changes) {
      context.console.note((only_looks ? "would format " : "formatted ") + path);
      if (arguments.check) status = std::max(status, ExitStatus::findings);
    }
    files.push_back({path, std::move(*answer)});
  }
  if (context.common.json) context.console.print(json_of(files, only_looks).pretty());
  return status;
}

}  // namespace bibsmith::plugin
