#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/terminal_text.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/search.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t authors_shown_max = 3;

std::string authors_of(const Record& record) {
  std::string out;
  for (std::size_t i = 0; i < record.authors.size(); ++i) {
    if (i == authors_shown_max && record.authors.size() > authors_shown_max + 1) return out + " and others";
    if (i > 0) out += ", ";
    out += terminal_text(record.authors[i].name);
  }
  return out;
}

}  // namespace

ExitStatus run_search(const SearchArguments& arguments, CommandContext& context) {
  SearchRequest request;
  for (const std::string& word : arguments.words) request.words += (request.words.empty() ? "" : " ") + word;
  request.title = arguments.title;
  request.author = arguments.author;
  request.abstract = arguments.abstract;
  request.category = arguments.category;
  request.from = arguments.from;
  request.to = arguments.to;
  request.results_max = arguments.max;
  request.sort_by = arguments.sort == "submitted" ? fetchers::SortBy::submitted
                    : arguments.sort == "updated" ? fetchers::SortBy::last_updated
                                                  : fetchers::SortBy::relevance;
  request.local = arguments.local;
  const Interrupt interrupt;
  const auto result = search(context.session, request, interrupt.token());
  if (!result) {
    context.console.error(result.error().message);
    return ExitStatus::usage;
  }
  if (context.common.json) {
    context.console.print(json_of(*result).pretty());
  } else {
    std::string text;
    for (const Record& record : result->records) {
      text += (record.arxiv_id ? record.arxiv_id->base() : std::string("?")) + '\t' +
              std::to_string(record.published.year) + '\t' + authors_of(record) + '\t' +
              terminal_text(record.title) + '\n';
    }
    context.console.print(text);
  }
  if (result->error) {
    context.console.error("could not ask arXiv: " + result->error->message);
    return ExitStatus::could_not_ask;
  }
  if (result->records.empty()) {
    const bool is_local = arguments.local || context.session.settings().offline;
    context.console.note(is_local ? "the local index has nothing that matches"
                                  : "arXiv knows of nothing that matches");
    return ExitStatus::findings;
  }
  if (result->total_results > result->records.size()) {
    context.console.inform(std::to_string(result->total_results) + " papers match in all");
  }
  return ExitStatus::done;
}

}  // namespace bibsmith::plugin
