#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/match_answer.hpp"
#include "plugin/session/harvest.hpp"

namespace bibsmith::plugin {

namespace {

// false: it is no date.
bool read_day(const std::string& text, Date& day) {
  if (text.empty()) return true;
  const auto parsed = Date::parse(text);
  if (parsed) day = *parsed;
  return parsed && parsed->day != 0;
}

}  // namespace

ExitStatus run_harvest(const HarvestArguments& arguments, CommandContext& context) {
  HarvestRequest request;
  request.set = arguments.set;
  if (!read_day(arguments.from, request.from) || !read_day(arguments.until, request.until)) {
    context.console.error("days are written YYYY-MM-DD");
    return ExitStatus::usage;
  }
  const Interrupt interrupt;
  tl::expected<HarvestAnswer, std::string> answer;
  {
    Progress progress(context.console);
    answer = harvest(context.session, request, interrupt.token(),
                     [&](std::uint64_t records, std::optional<std::size_t> total) {
                       if (total) progress.show(static_cast<std::size_t>(records), *total);
                     });
  }
  if (!answer) {
    context.console.error(answer.error());
    return ExitStatus::file_failed;
  }
  if (context.common.json) context.console.print(json_of(*answer).pretty());
  context.console.note(std::to_string(answer->records) + " records on " + std::to_string(answer->pages) +
                       " pages" + (answer->resumed ? ", going on with an earlier harvest" : ""));
  if (!answer->error) return ExitStatus::done;
  context.console.error("could not ask arXiv: " + answer->error->message +
                        (answer->records > 0 ? "; the same command goes on from here" : ""));
  return ExitStatus::could_not_ask;
}

}  // namespace bibsmith::plugin
