#include "plugin/session/unified_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t context_lines = 3;

// The lines of a text, each with its line end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// Whole lines that change together: `count` lines of the old text from line `first` on become `lines`.
struct Change {
  std::size_t first = 0;
  std::size_t count = 0;
  std::string new_text;
  std::vector<std::string_view> lines;  // of new_text; a Change that holds some is not moved any more
};

// Where each line starts, and the end of the text.
std::vector<std::size_t> starts_of(const std::vector<std::string_view>& lines) {
  std::vector<std::size_t> starts = {0};
  for (const std::string_view line : lines) starts.push_back(starts.back() + line.size());
  return starts;
}

// The edits that touch the same lines, as one change of whole lines.
std::vector<Change> changes_of(std::string_view text, const std::vector<std::size_t>& starts,
                               std::span<const bibtex::TextEdit> edits) {
  const std::size_t line_count = starts.size() - 1;
  // The line that holds the byte at `offset`; behind a last line that has no line end, that line.
  const auto line_of = [&](std::size_t offset) {
    const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
    const auto line = static_cast<std::size_t>(after - starts.begin()) - 1;
    return line == line_count && line > 0 && text.back() != '\n' ? line - 1 : line;
  };
  std::vector<Change> changes;
  for (std::size_t i = 0; i < edits.size();) {
    const std::size_t first = line_of(edits[i].span.begin);
    std::size_t end = first;  // the line behind the change
    std::size_t last_edit = i;
    for (; last_edit < edits.size(); ++last_edit) {
      if (last_edit > i && line_of(edits[last_edit].span.begin) >= end) break;
      end = std::max(end, std::min(line_count, line_of(edits[last_edit].span.end) + 1));
    }
    Change change{first, end - first, {}, {}};
    std::size_t done = starts[first];
    for (; i < last_edit; ++i) {
      change.new_text += text.substr(done, edits[i].span.begin - done);
      change.new_text += edits[i].new_text;
      done = edits[i].span.end;
    }
    change.new_text += text.substr(done, starts[end] - done);
    changes.push_back(std::move(change));
  }
  return changes;
}

// Cuts the lines that a change leaves as they are off its ends; they are context.
void narrow(Change& change, const std::vector<std::string_view>& lines) {
  change.lines = lines_of(change.new_text);
  std::size_t same = 0;
  while (same < change.count && same < change.lines.size() &&
         lines[change.first + same] == change.lines[same]) {
    ++same;
  }
  change.first += same;
  change.count -= same;
  change.lines.erase(change.lines.begin(), change.lines.begin() + static_cast<std::ptrdiff_t>(same));
  while (change.count > 0 && !change.lines.empty() &&
         lines[change.first + change.count - 1] == change.lines.back()) {
    change.lines.pop_back();
    --change.count;
  }
}

void append_line(std::string& out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t first, std::size_t count) {
  const std::size_t shown = count == 0 ? first : first + 1;
  return std::to_string(shown) + (count == 1 ? "" : ',' + std::to_string(count));
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view text,
                         std::span<const bibtex::TextEdit> edits) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<Change> changes = changes_of(text, starts_of(lines), edits);
  for (Change& change : changes) narrow(change, lines);
  if (std::all_of(changes.begin(), changes.end(),
                  [](const Change& change) { return change.count == 0 && change.lines.empty(); })) {
    return {};
  }
  std::string out = "--- " + std::string(path) + "\n+++ " + std::string(path) + '\n';
  std::size_t added = 0;  // lines, by the hunks so far
  std::size_t removed = 0;
  for (std::size_t i = 0; i < changes.size();) {
    std::size_t last = i;
    while (last + 1 < changes.size() &&
           changes[last + 1].first <= changes[last].first + changes[last].count + 2 * context_lines) {
      ++last;
    }
    const std::size_t begin = changes[i].first - std::min(changes[i].first, context_lines);
    const std::size_t end = std::min(lines.size(), changes[last].first + changes[last].count + context_lines);
    std::string body;
    std::size_t at = begin;
    std::size_t plus = 0;
    std::size_t minus = 0;
    for (; i <= last; ++i) {
      const Change& change = changes[i];
      for (; at < change.first; ++at) append_line(body, ' ', lines[at]);
      for (; at < change.first + change.count; ++at) append_line(body, '-', lines[at]);
      for (const std::string_view line : change.lines) append_line(body, '+', line);
      plus += change.lines.size();
      minus += change.count;
    }
    for (; at < end; ++at) append_line(body, ' ', lines[at]);
    out += "@@ -" + range(begin, end - begin) + " +" +
           range(begin + added - removed, end - begin + plus - minus) + " @@\n" + body;
    added += plus;
    removed += minus;
  }
  return out;
}

}  // namespace bibsmith::plugin
