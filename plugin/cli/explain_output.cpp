#include "plugin/cli/explain_output.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace bibsmith::plugin {

namespace {

std::string_view name_of(RecordField field) {
  constexpr std::array<std::string_view, 13> names = {
      "title",      "authors",   "abstract", "comment",  "journal_ref", "dois",       "report_number",
      "categories", "published", "updated",  "versions", "license",     "publication"};
  const auto index = static_cast<std::size_t>(field);
  return index < names.size() ? names[index] : "";
}

}  // namespace

std::string time_of(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int{date.year()}, unsigned{date.month()},
                unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

std::vector<Explanation> explain_fields(const CitedPaper& paper) {
  std::vector<Explanation> lines;
  const auto& [entry, findings, reasons, is_published, witnesses] = paper.normalized;
  for (std::size_t i = 0; i < std::min(reasons.size(), entry.fields.size()); ++i) {
    const Origin& origin = paper.record.origin(reasons[i].from);
    lines.push_back({entry.fields[i].name, std::string(reasons[i].rule),
                     origin.source + ' ' + std::string(name_of(reasons[i].from)), time_of(origin.retrieved)});
  }
  return lines;
}

std::string explanation_of(const CitedPaper& paper) {
  std::string text;
  std::size_t width = 0;
  const std::vector<Explanation> lines = explain_fields(paper);
  for (const Explanation& line : lines) width = std::max(width, line.field.size());
  for (const Explanation& line : lines) {
    text += "% " + line.field + std::string(width - line.field.size() + 2, ' ') + line.rule + " (" +
            line.source + ")\n";
  }
  if (paper.normalized.is_published) {
    text += "% published, by the witness of ";
    for (std::size_t i = 0; i < paper.normalized.witnesses.size(); ++i) {
      text += (i == 0 ? "" : " and ") + paper.normalized.witnesses[i];
    }
    text += '\n';
  }
  for (const auto& finding : paper.normalized.findings) {
    text += "% [" + finding.code + "] " + finding.message + '\n';
  }
  const Origin& origin = paper.record.origin(RecordField::title);
  text += "% asked " + time_of(origin.retrieved) + ": " + origin.url + '\n';
  return text;
}

}  // namespace bibsmith::plugin
