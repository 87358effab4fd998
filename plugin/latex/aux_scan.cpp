// What LaTeX writes for BibTeX (.aux) and biblatex for biber (.bcf). Both are machine-made, a command or an
// element a line, so that lines are looked at from their start alone.

#include <string>
#include <tuple>
#include <utility>

#include "plugin/latex/scanning.hpp"

namespace bibsmith::plugin {

namespace {

// The text in the braces that open at `at`; npos, npos: none. BibTeX takes what is between the first '{' and
// the next '}' (bibtex.web, section 132).
std::pair<std::size_t, std::size_t> group_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '{') return {text.npos, text.npos};
  const std::size_t close = text.find_first_of("}\n", at);
  if (close == text.npos || text[close] == '\n') return {text.npos, text.npos};
  return {at + 1, close};
}

void add_keys(SourceScan& scan, std::string_view text, std::size_t begin, std::size_t end) {
  for_each_in_list(text, begin, end, ',', [&](std::size_t first, std::size_t last) {
    if (text.substr(first, last - first) == "*") {
      scan.cites_all = true;
    } else {
      scan.keys.push_back(span_of(first, last));
    }
  });
}

void read_aux_line(SourceScan& scan, std::string_view text, std::size_t at) {
  const std::size_t brace = text.find_first_of("{\n", at);
  if (brace == text.npos || text[brace] == '\n') return;
  const std::string_view command = text.substr(at + 1, brace - at - 1);
  auto [begin, end] = group_at(text, brace);
  if (begin == text.npos) return;
  if (command == "citation") {
    add_keys(scan, text, begin, end);
  } else if (command == "abx@aux@cite") {
    // {section}{key} since biblatex 3.17, {key} before.
    scan.is_biblatex = true;
    const auto second = group_at(text, end + 1);
    if (second.first != text.npos) std::tie(begin, end) = second;
    add_keys(scan, text, begin, end);
  } else if (command == "bibdata") {
    for_each_in_list(text, begin, end, ',', [&](std::size_t first, std::size_t last) {
      add_file(scan, NamedFile::Role::bibliography, text.substr(first, last - first));
    });
  } else if (command == "@input") {
    add_file(scan, NamedFile::Role::source, text.substr(begin, end - begin));
  } else if (command == "bibcite") {
    scan.defined.push_back(span_of(begin, end));
  }
}

// The text of an element that begins at `at` with its start tag; biblatex writes both on one line.
std::pair<std::size_t, std::size_t> element_at(std::string_view text, std::size_t at) {
  constexpr std::size_t element_bytes_max = 1 << 12;
  const std::string_view near = text.substr(0, at + element_bytes_max);
  const std::size_t open = near.find_first_of("<>\n", at + 1);
  if (open == text.npos || text[open] != '>') return {text.npos, text.npos};
  const std::size_t close = near.find_first_of("<>\n", open + 1);
  if (close == text.npos || text[close] != '<') return {text.npos, text.npos};
  return {open + 1, close};
}

std::string without_entities(std::string_view text) {
  std::string out;
  constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  while (!text.empty()) {
    bool found = false;
    for (const auto& [entity, c] : entities) {
      if (!text.starts_with(entity)) continue;
      out += c;
      text.remove_prefix(entity.size());
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

SourceScan scan_aux(std::string_view text) {
  text = as_far_as_offsets_go(text);
  SourceScan scan;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') read_aux_line(scan, text, at);
    const std::size_t line_end = text.find('\n', at);
    if (line_end == text.npos) break;
    at = line_end + 1;
  }
  return scan;
}

SourceScan scan_bcf(std::string_view text) {
  text = as_far_as_offsets_go(text);
  SourceScan scan;
  scan.is_biblatex = true;
  scan.keys_have_entities = true;
  constexpr std::string_view citekey = "<bcf:citekey ";
  constexpr std::string_view datasource = "<bcf:datasource ";
  for (std::size_t at = text.find("<bcf:"); at != text.npos; at = text.find("<bcf:", at + 1)) {
    const std::string_view rest = text.substr(at);
    const bool is_key = rest.starts_with(citekey);
    if (!is_key && !rest.starts_with(datasource)) continue;
    const auto [begin, end] = element_at(text, at);
    if (begin == text.npos || begin == end) continue;
    if (is_key) {
      add_keys(scan, text, begin, end);
    } else {
      add_file(scan, NamedFile::Role::bibliography, without_entities(text.substr(begin, end - begin)));
    }
  }
  return scan;
}

std::string key_of(const SourceScan& scan, std::string_view text, bibtex::Span span) {
  return scan.keys_have_entities ? without_entities(span.in(text)) : std::string(span.in(text));
}

}  // namespace bibsmith::plugin
