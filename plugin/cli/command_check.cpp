#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "plugin/cli/check_output.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/resolve_output.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/latex/check_sources.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/check_online.hpp"

namespace bibsmith::plugin {

namespace {

std::string counted(std::size_t number, const char* one) {
  return std::to_string(number) + ' ' + one + (number == 1 ? "" : "s");
}

bool is_code(std::string_view code) {
  if (code == "syntax" || code == "model" || code == "check" || code == "model.undefined-macro") return true;
  if (code.starts_with("syntax.") || code == "online") return true;
  if (code == "cite") return true;
  for (const auto codes : {online_codes(), citation_codes()}) {
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return true;
  }
  for (const std::string_view known : bibtex::check_codes()) {
    if (code == known) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> listed_words(const std::vector<std::string>& lists) {
  std::vector<std::string> words;
  for (const std::string& list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) words.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return words;
}

ExitStatus run_check(const CheckArguments& arguments, CommandContext& context) {
  const CheckFilter filter{listed_words(arguments.only), listed_words(arguments.ignore)};
  for (const auto* codes : {&filter.only, &filter.ignore}) {
    for (const std::string& code : *codes) {
      if (is_code(code)) continue;
      context.console.error("check has no code '" + code + "' (see docs/check.md)");
      return ExitStatus::usage;
    }
  }
  std::vector<std::string> bibliographies;
  std::vector<std::string> sources;
  for (const std::string& file : arguments.files) {
    (source_format(file) ? sources : bibliographies).push_back(file);
  }
  CheckAnswer answer = check_files(bibliographies, dialect_of(arguments.dialect), filter);
  CitedSources read;
  if (!sources.empty()) {
    read = read_sources(sources, bibliography_folders(context));
    for (const std::string& problem : read.problems) {
      answer.failures.push_back({FileError::Code::unreadable, problem});
    }
  }
  std::vector<std::string> unasked;
  if (arguments.online) {
    const Interrupt interrupt;
    Progress progress(context.console);
    const auto show = [&](std::size_t done, std::size_t total) { progress.show(done, total); };
    unasked = check_online(context.session, answer, filter, interrupt.token(), show);
    for (std::string& why :
         check_cited_versions(context.session, read, filter, answer, interrupt.token(), show)) {
      unasked.push_back(std::move(why));
    }
  }
  if (!sources.empty()) check_sources(read, filter, answer);
  if (context.common.json || arguments.format == "json") {
    context.console.print(json_of(answer).pretty());
  } else {
    context.console.print(arguments.format == "github" ? github_of(answer) : text_of(answer));
  }
  for (const FileError& failure : answer.failures) context.console.error(failure.message);
  const std::size_t errors = answer.count(bibtex::Severity::error);
  const std::size_t warnings = answer.count(bibtex::Severity::warning);
  const std::size_t notes = answer.count(bibtex::Severity::note);
  if (errors + warnings + notes > 0) {
    context.console.note(counted(errors, "error") + ", " + counted(warnings, "warning") + ", " +
                         counted(notes, "note"));
  }
  for (const std::string& why : unasked) context.console.error("could not ask: " + why);
  if (!answer.failures.empty()) return ExitStatus::file_failed;
  if (!unasked.empty()) return ExitStatus::could_not_ask;
  return errors + warnings > 0 ? ExitStatus::findings : ExitStatus::done;
}

std::optional<bibtex::Dialect> dialect_of(const std::string& name) {
  if (name == "bibtex") return bibtex::Dialect::bibtex;
  if (name == "biblatex") return bibtex::Dialect::biblatex;
  return std::nullopt;
}

}  // namespace bibsmith::plugin
