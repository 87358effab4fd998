#include <algorithm>
#include <string>

#include "plugin/cli/commands.hpp"
#include "plugin/cli/interrupt.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/latex/citation_scan.hpp"
#include "plugin/session/dedupe.hpp"

namespace bibsmith::plugin {

namespace {

// "same-id: attention (line 1), vaswani2017 (line 9, best)", what became of the group, and in which fields
// its entries differ.
std::string lines_of(const DedupedGroup& group, bool merges) {
  std::string text = std::string(bibtex::code_of(group.reason)) + ':';
  for (const DuplicateEntry& entry : group.entries) {
    text += (&entry == &group.entries.front() ? " " : ", ") + entry.key + " (line " +
            std::to_string(entry.line) + (entry.is_best ? ", best)" : ")");
  }
  text += '\n';
  for (const bibtex::MergeConflict& conflict : group.conflicts)
    text += "  " + conflict.code + ": " + conflict.message + '\n';
  if (merges && group.is_merged) {
    std::string added;
    for (const std::string& name : group.added) added += (added.empty() ? "" : ", ") + name;
    text += "  merged" + (added.empty() ? added : ": " + added) + '\n';
  }
  if (merges) return text;
  std::string names;
  for (const bibtex::FieldDifference& field : group.differences)
    names += (names.empty() ? "" : ", ") + field.name;
  if (!names.empty()) text += "  differ in " + names + '\n';
  return text;
}

}  // namespace

ExitStatus run_dedupe(const DedupeArguments& arguments, CommandContext& context) {
  DedupeRequest request;
  request.bib = arguments.file;
  request.tex = arguments.tex;
  request.find_citations = cited_keys;
  request.merge = arguments.merge || arguments.diff;
  request.only_plans = !arguments.merge || arguments.dry_run || arguments.diff;
  const Interrupt interrupt;
  const auto answer = dedupe(request, context.session.change_context(interrupt.token()));
  if (!answer) {
    context.console.error(answer.error().message);
    return ExitStatus::file_failed;
  }
  std::size_t merged = 0;
  for (const DedupedGroup& group : answer->groups) merged += group.is_merged ? 1 : 0;
  if (context.common.json) {
    context.console.print(json_of(*answer, arguments.file, request.merge).pretty());
  } else if (arguments.diff) {
    context.console.print_diff(answer->diff);
  } else {
    for (const DedupedGroup& group : answer->groups) context.console.print(lines_of(group, request.merge));
  }
  const std::size_t left = answer->groups.size() - merged;
  std::string summary = arguments.file + ": ";
  if (request.merge) {
    summary += std::string(request.only_plans ? "would merge " : "merged ") + std::to_string(merged) +
               ", left " + std::to_string(left) + " of " + std::to_string(answer->groups.size()) +
               " groups of duplicates";
  } else {
    summary += std::to_string(left) + (left == 1 ? " group" : " groups") + " of duplicates";
  }
  context.console.note(summary);
  for (const auto& [path, count] : answer->citations) {
    if (count == 0) continue;
    context.console.note((request.only_plans ? "would rename " : "renamed ") + std::to_string(count) +
                         " citations in " + path);
  }
  return left > 0 ? ExitStatus::findings : ExitStatus::done;
}

}  // namespace bibsmith::plugin
