#include "plugin/json/explain.hpp"

#include <algorithm>
#include <array>
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

std::vector<Explanation> explain_fields(const CitedPaper& paper) {
  std::vector<Explanation> lines;
  const auto& [entry, findings, reasons, is_published, witnesses] = paper.normalized;
  for (std::size_t i = 0; i < std::min(reasons.size(), entry.fields.size()); ++i) {
    const Origin& origin = paper.record->origin(reasons[i].from);
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
