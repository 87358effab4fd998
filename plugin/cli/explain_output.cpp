#include "plugin/cli/explain_output.hpp"

#include <algorithm>

#include "plugin/json/explain.hpp"

namespace bibsmith::plugin {

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
  const Origin& origin = paper.record->origin(RecordField::title);
  text += "% asked " + time_of(origin.retrieved) + ": " + origin.url + '\n';
  return text;
}

}  // namespace bibsmith::plugin
