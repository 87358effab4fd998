#include "plugin/session/check.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "bibtex/model/dialect.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/line_index.hpp"

namespace bibsmith::plugin {

namespace {

bool is_under(std::string_view code, std::string_view family) {
  return code == family || (code.starts_with(family) && code.substr(family.size()).starts_with('.'));
}

void learn_macros(const bibtex::Document& document, std::vector<std::string>& known) {
  for (const bibtex::Block& block : document.blocks()) {
    if (block.kind != bibtex::BlockKind::string) continue;
    for (const bibtex::FieldNode& field : document.fields(block)) {
      std::string name = bibtex::in_lower_case(document.text(field.name));
      known.push_back(std::move(name));
    }
  }
}

// In a line that is too long to be counted for every finding the column is one of bytes.
bibtex::Position position(const bibtex::LineIndex& lines, std::string_view text, std::uint32_t offset) {
  constexpr std::uint32_t counted_bytes_max = 1 << 16;
  const bibtex::Position in_bytes = lines.position(text, offset, bibtex::ColumnUnit::bytes);
  if (in_bytes.column > counted_bytes_max) return in_bytes;
  return lines.position(text, offset, bibtex::ColumnUnit::code_points);
}

}  // namespace

std::vector<PlacedFinding> place(const bibtex::Document& document, std::vector<bibtex::Diagnostic> found) {
  std::vector<PlacedFinding> placed;
  const std::string& text = document.text();
  const bibtex::LineIndex lines(text);
  for (bibtex::Diagnostic& diagnostic : found) {
    PlacedFinding one;
    const bibtex::Position begin = position(lines, text, diagnostic.span.begin);
    const bibtex::Position end = position(lines, text, diagnostic.span.end);
    one.line = begin.line + 1;
    one.column = begin.column + 1;
    one.end_line = end.line + 1;
    one.end_column = end.column + 1;
    if (diagnostic.span.begin < text.size()) {
      const bibtex::Block block = document.block_at(diagnostic.span.begin);
      if (block.kind == bibtex::BlockKind::entry) one.key = document.text(block.key);
    }
    one.diagnostic = std::move(diagnostic);
    placed.push_back(std::move(one));
  }
  return placed;
}

bool CheckFilter::shows(std::string_view code) const {
  const auto is_family = [&](const std::string& family) { return is_under(code, family); };
  if (std::any_of(ignore.begin(), ignore.end(), is_family)) return false;
  return only.empty() || std::any_of(only.begin(), only.end(), is_family);
}

std::size_t CheckAnswer::count(bibtex::Severity severity) const {
  std::size_t number = 0;
  for (const CheckedFile& file : files) {
    number += static_cast<std::size_t>(
        std::count_if(file.findings.begin(), file.findings.end(),
                      [&](const PlacedFinding& finding) { return finding.diagnostic.severity == severity; }));
  }
  return number;
}

CheckedFile check_text(std::string path, std::string text, std::optional<bibtex::Dialect> dialect,
                       const CheckFilter& filter, std::vector<std::string>& macros) {
  const bibtex::Document document =
      bibtex::Document::parse(std::move(text), std::thread::hardware_concurrency());
  CheckedFile file;
  file.path = std::move(path);
  file.dialect = dialect.value_or(bibtex::measure_dialect(document));
  std::vector<bibtex::Diagnostic> found = bibtex::check(document, {file.dialect, macros});
  std::erase_if(found, [&](const bibtex::Diagnostic& one) { return !filter.shows(one.code); });
  file.findings = place(document, std::move(found));
  file.text = document.text();
  learn_macros(document, macros);
  return file;
}

CheckAnswer check_files(std::span<const std::string> paths, std::optional<bibtex::Dialect> dialect,
                        const CheckFilter& filter) {
  CheckAnswer answer;
  std::vector<std::string> macros;
  for (const std::string& path : paths) {
    auto text = read_file(path);
    if (!text || !*text) {
      answer.failures.push_back(text ? FileError{FileError::Code::not_found, path + ": no such file"}
                                     : text.error());
      continue;
    }
    answer.files.push_back(check_text(path, std::move(**text), dialect, filter, macros));
  }
  return answer;
}

}  // namespace bibsmith::plugin
