#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/cli/terminal_text.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/json/match_answer.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/match.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Criterion;
using bibtex::MatchStatus;

std::string words_for(const bibtex::MatchEvidence& evidence) {
  std::string words = evidence.title == "same"       ? "same title"
                      : evidence.title == "typos"    ? "title but for typos"
                      : evidence.title == "words"    ? "title but for a word"
                      : evidence.title == "subtitle" ? "title but for its end"
                                                     : "another title";
  const auto add = [&words](const char* what, Criterion outcome) {
    if (outcome == Criterion::unknown) return;
    words += std::string(", ") + (outcome == Criterion::agrees ? "same " : "other ") + what;
  };
  add("abstract", evidence.abstract);
  add("authors", evidence.authors);
  add("owner of the page", evidence.page_author);
  add("year", evidence.year);
  return words;
}

// "status, line, arXiv ids, title, why", between tabs.
std::string report_line(const bibtex::ReadingItem& item, const MatchedItem& matched) {
  std::string ids;
  std::string why;
  const auto& choices = matched.status == MatchStatus::none ? matched.refused : matched.chosen;
  for (const MatchedItem::Choice& choice : choices) {
    if (matched.status != MatchStatus::none && choice.record.arxiv_id) {
      ids += (ids.empty() ? "" : ",") + choice.record.arxiv_id->base();
    }
    if (!why.empty()) why += "; ";
    const bool says_title = matched.status != MatchStatus::found;
    if (says_title) why += "'" + terminal_text(choice.record.title) + "': ";
    why += matched.road == MatchedItem::Road::id ? std::string("by its id") : words_for(choice.evidence);
  }
  return std::string(status_of(matched)) + '\t' + std::to_string(item.line) + '\t' + ids + '\t' +
         terminal_text(item.title) + '\t' + why + '\n';
}

void tell(const MatchAnswer& answer, Console& console, bool each) {
  for (std::size_t i = 0; each && i < answer.items.size(); ++i) {
    const bibtex::ReadingItem& item = answer.list.items[i];
    const MatchedItem& matched = answer.items[i];
    const std::string name = "line " + std::to_string(item.line) + ": '" + item.title + "'";
    if (matched.status == MatchStatus::renamed) {
      console.note(name + " has another title now: '" + matched.chosen.front().record.title + "'");
    } else if (matched.status == MatchStatus::several) {
      std::string ids;
      for (const MatchedItem::Choice& choice : matched.chosen) ids += ' ' + choice.record.arxiv_id->base();
      console.warn(name + " may be any of" + ids);
    } else if (matched.status == MatchStatus::none && !matched.could_not_ask) {
      console.warn(name + ": no such paper was found" +
                   (matched.refused.empty()
                        ? std::string()
                        : "; the nearest is " + matched.refused.front().record.arxiv_id->base() + ", '" +
                              matched.refused.front().record.title + "' (" +
                              words_for(matched.refused.front().evidence) + ")"));
    }
  }
  if (answer.list.items_left_out > 0) {
    console.warn(std::to_string(answer.list.items_left_out) + " items beyond the first 10,000 were left out");
  }
  const std::size_t found = answer.count(MatchStatus::found) + answer.count(MatchStatus::renamed);
  console.note(std::to_string(found) + " of " + std::to_string(answer.items.size()) + " found");
  if (answer.error && answer.not_asked() > 0) {
    console.error("could not ask arXiv about " + std::to_string(answer.not_asked()) +
                  " of them: " + answer.error->message);
  }
}

ExitStatus status_of_answer(const MatchAnswer& answer) {
  if (answer.not_asked() > 0) return ExitStatus::could_not_ask;
  const bool is_open =
      answer.items.empty() || answer.count(MatchStatus::none) > 0 || answer.count(MatchStatus::several) > 0;
  return is_open ? ExitStatus::findings : ExitStatus::done;
}

std::vector<std::string> texts_of(const std::vector<ArxivId>& ids) {
  std::vector<std::string> texts;
  for (const ArxivId& id : ids) texts.push_back(id.str());
  return texts;
}

ExitStatus insert(const MatchArguments& arguments, const MatchAnswer& matched, CommandContext& context,
                  const std::stop_token& stop) {
  const auto added = add(context.session, texts_of(matched.papers()), arguments.to, stop);
  if (!added) {
    context.console.error(added.error().message);
    return ExitStatus::file_failed;
  }
  if (context.common.json) {
    context.console.print(json_of(matched, &*added, arguments.to).pretty());
  } else if (!arguments.report) {
    for (const CitedPaper& paper : added->cited.papers)
      context.console.print(paper.normalized.entry.key + '\n');
  }
  context.console.note(std::to_string(added->cited.papers.size()) + " added to " + arguments.to + ", " +
                       std::to_string(added->present.size()) + " were there");
  return report(added->cited, context.console);
}

}  // namespace

ExitStatus run_match(const MatchArguments& arguments, CommandContext& context) {
  std::string text;
  if (arguments.file == "-") {
    text = read_stream(context.in, bibtex::reading_list_bytes_max);
  } else {
    auto file = read_file(arguments.file);
    if (!file || !*file) {
      context.console.error(file ? arguments.file + ": no such file" : file.error().message);
      return ExitStatus::file_failed;
    }
    text = std::move(**file);
  }
  const Interrupt interrupt;
  MatchAnswer answer;
  {
    Progress progress(context.console);
    answer = match(context.session, text, interrupt.token(),
                   [&](std::size_t done, std::size_t total) { progress.show(done, total); });
  }
  ExitStatus status = status_of_answer(answer);
  if (arguments.report && !context.common.json) {
    std::string lines;
    for (std::size_t i = 0; i < answer.items.size(); ++i) {
      lines += report_line(answer.list.items[i], answer.items[i]);
    }
    context.console.print(lines);
  }
  if (!arguments.to.empty()) {
    status = std::max(status, insert(arguments, answer, context, interrupt.token()));
  } else if (context.common.json) {
    context.console.print(json_of(answer).pretty());
  } else if (!arguments.report) {
    const CiteAnswer cited = cite(context.session, texts_of(answer.papers()),
                                  cite_options(context.session.settings()), interrupt.token());
    const auto entries = text_of(context.session, entries_of(cited), {}, interrupt.token());
    if (entries) context.console.print(*entries);
    status = std::max(status, report(cited, context.console));
  }
  tell(answer, context.console, !arguments.report);
  return status;
}

}  // namespace bibsmith::plugin
