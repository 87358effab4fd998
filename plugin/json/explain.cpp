#include "plugin/json/explain.hpp"

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

std::vector<std::string> sources_of(const RecordedSpan& span) {
  std::vector<std::string> sources;
  for (std::size_t at = 0; at < span.source.size();) {
    const std::size_t end = std::min(span.source.find(',', at), span.source.size());
    sources.push_back(span.source.substr(at, end - at));
    at = end + 1;
  }
  return sources;
}

}  // namespace bibsmith::plugin
