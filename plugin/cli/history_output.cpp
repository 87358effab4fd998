#include "plugin/cli/history_output.hpp"

#include <algorithm>
#include <cstddef>

#include "plugin/json/explain.hpp"
#include "plugin/session/locate_spans.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t shown_bytes = 60;
constexpr std::size_t shown_entries = 5;

// Texts of a file must not drive the terminal.
std::string shown(const std::string& text) {
  if (text.empty()) return "nothing";
  std::string out;
  for (const char c : one_line(text, shown_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) out += c;
  }
  return out;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

std::string joined(const std::vector<std::string>& list, std::size_t count_max) {
  std::string out;
  for (std::size_t i = 0; i < std::min(list.size(), count_max); ++i) {
    if (i > 0) out += ", ";
    out += shown(list[i]);
  }
  if (list.size() > count_max) out += " and " + std::to_string(list.size() - count_max) + " more";
  return out;
}

}  // namespace

std::string line_of(const RecordedChange& change) {
  std::vector<std::string> entries;
  std::vector<std::string> sources;
  for (const RecordedSpan& span : change.spans) {
    add_once(entries, span.key);
    for (const std::string& source : sources_of(span)) add_once(sources, source);
  }
  std::string line =
      std::to_string(change.number) + '\t' + time_of(change.time) + '\t' + change.command + '\t';
  if (!entries.empty()) {
    line += joined(entries, shown_entries);
  } else if (change.has_spans) {
    line += std::to_string(change.spans.size()) + (change.spans.size() == 1 ? " text" : " texts");
  } else {
    line += "too large to be taken back";
  }
  line += '\t' + (sources.empty() ? "-" : joined(sources, sources.size())) + '\t';
  if (change.undone_by) return line + "undone by " + std::to_string(*change.undone_by);
  return line + (change.undoes ? "undoes " + std::to_string(*change.undoes) : "-");
}

std::string line_of(const RecordedSpan& span) {
  std::string name = span.key.empty() ? "text" : shown(span.key);
  if (!span.field.empty()) name += ' ' + shown(span.field);
  std::string why = shown(span.reason);
  if (!span.source.empty()) why += ", " + shown(span.source);
  return name + ": " + shown(span.old_text) + " -> " + shown(span.new_text) + " (" + why + ")";
}

}  // namespace bibsmith::plugin
