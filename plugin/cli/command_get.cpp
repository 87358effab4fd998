#include <algorithm>
#include <string>

#include "bibtex/write/write_entry.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/explain_output.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t id_line_bytes_max = 4096;
constexpr std::size_t repeated_messages_max = 3;

std::string day_of(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return Date{static_cast<std::int16_t>(int{day.year()}), static_cast<std::uint8_t>(unsigned{day.month()}),
              static_cast<std::uint8_t>(unsigned{day.day()})}
      .iso();
}

// The settings, with what the options of this command say on top.
CiteOptions options_of(const GetArguments& arguments, const Settings& settings) {
  CiteOptions options = cite_options(settings, arguments.format);
  if (arguments.encoding) {
    options.encoding =
        *arguments.encoding == "utf8" ? bibtex::TextEncoding::utf8 : bibtex::TextEncoding::latex;
  }
  options.authors_max = arguments.authors_max;
  options.publish = !arguments.no_publish;
  return options;
}

bool is_bib(const std::optional<std::string>& format) {
  return !format || *format == "bibtex" || *format == "biblatex";
}

// Entries, each with where its fields came from.
std::string explained(const CiteAnswer& answer) {
  std::string text;
  for (const CitedPaper& paper : answer.papers) {
    if (!text.empty()) text += '\n';
    text += bibtex::write_entry(paper.normalized.entry, {}) + '\n' + explanation_of(paper);
  }
  for (const PluginFetch::Found& one : answer.of_plugins.found) {
    if (!text.empty()) text += '\n';
    text += bibtex::write_entry(one.entry, {}) + '\n' + "  all of it: plugin " + one.plugin + '\n';
  }
  return text;
}

}  // namespace

std::vector<std::string> read_ids(const std::vector<std::string>& arguments, std::FILE* in) {
  std::vector<std::string> ids;
  for (const std::string& argument : arguments) {
    if (argument != "-") {
      ids.push_back(argument);
      continue;
    }
    std::string line;
    const auto take = [&] {
      const std::size_t first = line.find_first_not_of(" \t\r");
      if (first != line.npos && line[first] != '#') ids.push_back(line);
      line.clear();
    };
    for (int c = std::fgetc(in); c != EOF; c = std::fgetc(in)) {
      if (c == '\n') {
        take();
      } else if (line.size() < id_line_bytes_max) {  // the rest of such a line cannot make it an id
        line += static_cast<char>(c);
      }
    }
    take();
  }
  return ids;
}

bool check_format(const std::string& format, const char* command, CommandContext& context) {
  if (is_known_format(context.session, format)) return true;
  context.console.error(
      "--format: " + format +
      " is none of bibtex, biblatex, csl-json, ris, hayagriva, nor a plugin's (see bibsmith " + command +
      " --help)");
  return false;
}

ExitStatus report(const CiteAnswer& answer, Console& console) {
  ExitStatus status = ExitStatus::done;
  for (const std::string& id : answer.of_plugins.not_found) {
    console.error(id + ": its source has nothing of that id");
    status = std::max(status, ExitStatus::findings);
  }
  for (const PluginFetch::Failure& failure : answer.of_plugins.failures) {
    console.error(failure.id + ": could not ask: " + failure.error.message);
    status = std::max(status, ExitStatus::could_not_ask);
  }
  for (const ArxivId& id : answer.not_found) {
    console.error(id.str() + ": arXiv has no such " + (id.version() ? "version of a paper" : "paper"));
    status = std::max(status, ExitStatus::findings);
  }
  for (const InvalidId& invalid : answer.invalid) {
    console.error("'" + invalid.asked + "' is no arXiv id: " + invalid.error.message + " (at byte " +
                  std::to_string(invalid.error.offset + 1) + ")");
    status = std::max(status, ExitStatus::usage);
  }
  for (const CitedPaper& paper : answer.papers) {
    if (!paper.stale) continue;
    console.warn(paper.id.str() + ": arXiv could not be asked, this is its answer of " +
                 day_of(paper.record->origins.front().retrieved));
  }
  std::size_t same = 0;
  for (std::size_t i = 0; i < answer.failures.size(); ++i) {
    const FetchResult::Failure& failure = answer.failures[i];
    const std::string& message = failure.error.message;
    same = i > 0 && answer.failures[i - 1].error.message == message ? same + 1 : 0;
    if (same < repeated_messages_max) console.error(failure.id.str() + ": could not ask arXiv: " + message);
    status = std::max(status, ExitStatus::could_not_ask);
  }
  if (answer.failures.size() > repeated_messages_max) {
    console.error(std::to_string(answer.failures.size()) + " papers could not be asked for in all");
  }
  return status;
}

ExitStatus run_get(const GetArguments& arguments, CommandContext& context) {
  if (arguments.format && !check_format(*arguments.format, "get", context)) return ExitStatus::usage;
  const std::vector<std::string> ids = read_ids(arguments.ids, context.in);
  const CiteOptions options = options_of(arguments, context.session.settings());
  CiteAnswer answer;
  tl::expected<std::string, FetchError> text;
  {
    const Interrupt interrupt;
    Progress progress(context.console);
    answer = cite(context.session, ids, options, interrupt.token(),
                  [&](std::size_t done, std::size_t total) { progress.show(done, total); });
    if (!context.common.json) {
      text = text_of(context.session, entries_of(answer), arguments.format, interrupt.token());
    }
  }
  if (context.common.json) {
    context.console.print(json_of(answer,
                                  options.dialect == bibtex::Dialect::biblatex ? "biblatex" : "bibtex",
                                  arguments.explain)
                              .pretty());
  } else if (arguments.explain && is_bib(arguments.format)) {
    context.console.print(explained(answer));
  } else if (text) {
    context.console.print(*text);
  } else {
    context.console.error(text.error().message);
    return std::max(report(answer, context.console), ExitStatus::could_not_ask);
  }
  for (const CitedPaper& paper : answer.papers) {
    for (const auto& finding : paper.normalized.findings) {
      context.console.warn(paper.id.str() + ": " + finding.message + " [" + finding.code + "]");
    }
  }
  return report(answer, context.console);
}

}  // namespace bibsmith::plugin
