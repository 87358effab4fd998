#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "plugin/cli/author_output.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/pages/author_page.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/author.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/library.hpp"

namespace bibsmith::plugin {

namespace {

// "a,b" "c" -> a b c
std::vector<std::string> comma_list(const std::vector<std::string>& arguments) {
  std::vector<std::string> items;
  for (const std::string& argument : arguments) {
    for (std::size_t begin = 0; begin <= argument.size();) {
      const std::size_t end = std::min(argument.find(',', begin), argument.size());
      if (end > begin) items.push_back(argument.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return items;
}

tl::expected<std::vector<std::string>, std::string> listed_ids(const std::string& path, std::FILE* in) {
  constexpr std::size_t list_bytes_max = 64u << 20;
  if (path == "-") return listed_papers(read_stream(in, list_bytes_max));
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error().message);
  if (!*text) return tl::unexpected(path + " does not exist");
  return listed_papers(std::move(**text));
}

tl::expected<void, FileError> write_page(const std::string& path, std::string page,
                                         const ChangeContext& context) {
  const FilePlan plans[] = {
      {path,
       [&](const std::string& old_text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
         return replacement(old_text, page, "author.page");
       },
       false,
       {}}};
  const auto written = change_files(plans, "author", context);
  if (!written) return tl::unexpected(written.error());
  return {};
}

// What there is to know beside the papers, and the status that it makes.
ExitStatus tell(const AuthorAnswer& answer, Console& console) {
  CiteAnswer outcome;
  outcome.invalid = answer.invalid;
  outcome.not_found = answer.not_found;
  outcome.failures = answer.failures;
  ExitStatus status = report(outcome, console);
  std::size_t namesakes = 0;
  for (const Namesake& other : answer.namesakes) namesakes += other.ids.size();
  if (namesakes > 0) {
    console.note(
        std::to_string(namesakes) +
        (namesakes == 1 ? " paper of a namesake was left out" : " papers of namesakes were left out") +
        "; --json tells which and why, --include takes one back");
  }
  if (answer.is_local && !answer.error && !answer.papers.empty()) {
    console.note("from the local index: papers that it does not hold are missing");
  }
  if (!answer.is_local && answer.matching > author_results_max) {
    console.warn("arXiv has " + std::to_string(answer.matching) + " papers under that name; the newest " +
                 std::to_string(answer.searched) + " were looked at");
  }
  if (answer.papers.empty() && !answer.error && answer.failures.empty()) {
    console.note((answer.is_local ? "the local index has no paper of " : "arXiv has no paper of ") +
                 answer.asked);
    status = std::max(status, ExitStatus::findings);
  }
  if (answer.similar_error) {
    console.warn("no similar authors: " + answer.similar_error->message);
  }
  if (answer.error) {
    console.error("could not ask arXiv: " + answer.error->message);
    status = ExitStatus::could_not_ask;
  }
  return status;
}

AuthorRequest request_of(const AuthorArguments& arguments) {
  AuthorRequest request;
  for (const std::string& word : arguments.who) request.who += (request.who.empty() ? "" : " ") + word;
  request.theirs = comma_list(arguments.include);
  request.not_theirs = comma_list(arguments.exclude);
  request.similar = !arguments.no_similar;
  return request;
}

// --bib and --html.
ExitStatus write_files(const AuthorArguments& arguments, const AuthorAnswer& answer, CommandContext& context,
                       const std::stop_token& stop) {
  if (!arguments.bib.empty() && !answer.papers.empty()) {
    std::vector<std::string> ids;
    for (const AuthorPaper& paper : answer.papers) ids.push_back(paper.cited.id.str());
    const auto added = add(context.session, ids, arguments.bib, stop);
    if (!added) {
      context.console.error(added.error().message);
      return ExitStatus::file_failed;
    }
    context.console.note("added " + std::to_string(added->cited.papers.size()) + " entries to " +
                         arguments.bib + ", " + std::to_string(added->present.size()) + " were there");
  }
  if (!arguments.html.empty() && arguments.html != "-") {
    const auto written =
        write_page(arguments.html, author_page(answer), context.session.change_context(stop));
    if (!written) {
      context.console.error(written.error().message);
      return ExitStatus::file_failed;
    }
    context.console.note("wrote " + arguments.html);
  }
  return ExitStatus::done;
}

}  // namespace

ExitStatus run_author(const AuthorArguments& arguments, CommandContext& context) {
  AuthorRequest request = request_of(arguments);
  if (!arguments.from.empty()) {
    auto ids = listed_ids(arguments.from, context.in);
    if (!ids) {
      context.console.error(ids.error());
      return ExitStatus::file_failed;
    }
    if (ids->empty()) {
      context.console.error(arguments.from + " names no papers");
      return ExitStatus::usage;
    }
    request.ids = *std::move(ids);
  }
  const Interrupt interrupt;
  tl::expected<AuthorAnswer, AuthorError> answer = tl::unexpected(AuthorError{});
  {
    Progress progress(context.console);
    answer = author(context.session, request, interrupt.token(),
                    [&](std::size_t done, std::size_t total) { progress.show(done, total); });
  }
  if (!answer) {
    context.console.error(answer.error().message);
    return answer.error().code == AuthorError::Code::usage  ? ExitStatus::usage
           : answer.error().code == AuthorError::Code::file ? ExitStatus::file_failed
                                                            : ExitStatus::findings;
  }
  if (arguments.max && answer->papers.size() > *arguments.max) {
    answer->papers.erase(answer->papers.begin() + *arguments.max, answer->papers.end());
  }
  if (const ExitStatus failed = write_files(arguments, *answer, context, interrupt.token());
      failed != ExitStatus::done) {
    return failed;
  }
  if (arguments.html == "-") {
    context.console.print(author_page(*answer));
  } else if (context.common.json) {
    context.console.print(json_of(*answer).pretty());
  } else if (arguments.html.empty() && arguments.bib.empty()) {
    context.console.print(author_text(*answer));
  }
  return tell(*answer, context.console);
}

}  // namespace bibsmith::plugin
