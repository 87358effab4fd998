#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/cli/progress.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::UpdateStatus;

std::set<std::string> set_of(const std::vector<std::string>& lists, bool lower_case) {
  std::set<std::string> out;
  for (const std::string& list : lists) {
    std::string word;
    for (const char c : list + ",") {
      if (c != ',') {
        word += lower_case ? bibtex::lower(c) : c;
        continue;
      }
      if (!word.empty()) out.insert(word);
      word.clear();
    }
  }
  return out;
}

UpdateRequest request_of(const UpdateArguments& arguments, bool json) {
  UpdateRequest request;
  request.only = set_of(arguments.only, false);
  request.fields = set_of(arguments.fields, true);
  request.keep = set_of(arguments.keep, true);
  request.publish = !arguments.no_publish;
  request.overwrite = arguments.overwrite;
  request.search = arguments.search;
  request.diff = arguments.diff || json;
  request.dry_run = arguments.dry_run || arguments.diff || arguments.check;
  return request;
}

// "balazs07: published: journal, volume, pages"
void append_line(const bibtex::EntryUpdate& entry, std::string& text) {
  text.append(entry.key).append(": ").append(name_of(entry.status));
  std::string_view separator = ": ";
  for (const bibtex::FieldUpdate& field : entry.fields) {
    text.append(separator).append(field.new_text.empty() ? "-" : "").append(field.name);
    separator = ", ";
  }
  if (!entry.message.empty()) text.append(": ").append(entry.message);
  text += '\n';
}

// A line for each entry of which there is something to tell.
std::string lines_of(const UpdatedFile& file) {
  constexpr std::size_t unasked_shown_max = 3;  // one reason for all, mostly
  std::size_t unasked = 0;
  std::string text;
  for (const bibtex::EntryUpdate& entry : file.plan.entries) {
    if (entry.status == UpdateStatus::could_not_ask && ++unasked > unasked_shown_max) continue;
    const bool silent = entry.status == UpdateStatus::unchanged ||
                        (entry.status == UpdateStatus::skipped && entry.message.empty());
    if (!silent) append_line(entry, text);
  }
  return text;
}

std::string summary_of(const UpdatedFile& file, const bibtex::UpdateCounts& counts) {
  constexpr std::array shown = {UpdateStatus::published, UpdateStatus::updated,   UpdateStatus::unchanged,
                                UpdateStatus::withdrawn, UpdateStatus::not_found, UpdateStatus::could_not_ask,
                                UpdateStatus::skipped};
  std::string text = file.path + ": " + std::to_string(file.plan.entries.size()) + " entries";
  for (const UpdateStatus status : shown) {
    if (const std::size_t count = counts[status]; count > 0) {
      std::string name(name_of(status));
      std::ranges::replace(name, '_', ' ');
      text += ", " + std::to_string(count) + ' ' + name;
    }
  }
  return text;
}

}  // namespace

ExitStatus run_update(const UpdateArguments& arguments, CommandContext& context) {
  const UpdateRequest request = request_of(arguments, context.common.json);
  std::vector<UpdatedFile> files;
  ExitStatus status = ExitStatus::done;
  const Interrupt interrupt;
  Progress progress(context.console);
  const auto updater =
      std::make_shared<Updater>(context.session, request, interrupt.token(),
                                [&](std::size_t done, std::size_t total) { progress.show(done, total); });
  context.remains.push_back(updater);
  if (arguments.files.size() > 1) updater->prefetch(arguments.files);
  for (const std::string& path : arguments.files) {
    auto file = updater->update(path);
    if (!file) {
      context.console.error(file.error().message);
      status = std::max(status, ExitStatus::file_failed);
      continue;
    }
    const bibtex::UpdateCounts counts = file->plan.counts();
    if (counts[UpdateStatus::could_not_ask] > 0) status = std::max(status, ExitStatus::could_not_ask);
    const bool stale = arguments.check && file->stale;
    if (counts[UpdateStatus::not_found] > 0 || stale) status = std::max(status, ExitStatus::findings);
    if (arguments.diff && !context.common.json) {
      context.console.print_diff(file->diff);
    } else if (!context.common.json) {
      context.console.print(lines_of(*file));
    }
    context.console.note(summary_of(*file, counts) +
                         (request.dry_run && file->stale ? "; nothing was written" : ""));
    if (context.common.json) {
      files.push_back(std::move(*file));
    } else if (arguments.files.size() == 1) {
      context.remains.push_back(std::make_shared<UpdatedFile>(std::move(*file)));
    }
  }
  if (context.common.json) context.console.print(json_of(files, request.dry_run).pretty());
  return status;
}

}  // namespace bibsmith::plugin
