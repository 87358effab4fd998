#include "plugin/cli/check_output.hpp"

#include <algorithm>
#include <string_view>

#include "plugin/cli/github_text.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t shown_bytes = 120;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A line of a file must not drive the terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += c == '\t' || (byte >= 0x20 && byte != 0x7F) ? c : '?';
  }
  return out;
}

// The source line and the marks under it. Of a long line the part around the finding is shown.
std::string excerpt(std::string_view text, const bibtex::Span& span) {
  const auto is_line_end = [](char c) { return c == '\n' || c == '\r'; };
  const std::size_t at = std::min<std::size_t>(span.begin, text.size());
  std::size_t begin = at;
  while (begin > 0 && !is_line_end(text[begin - 1]) && at - begin < shown_bytes * 3 / 4) --begin;
  while (begin < at && is_continuation(text[begin])) ++begin;
  std::size_t end = at;
  while (end < text.size() && !is_line_end(text[end]) && end - begin < shown_bytes) ++end;
  while (end < text.size() && is_continuation(text[end])) ++end;
  const bool is_cut = begin > 0 && !is_line_end(text[begin - 1]);
  const bool is_cut_off = end < text.size() && !is_line_end(text[end]);

  std::string out = is_cut ? "  ..." : "  ";
  std::string marks = is_cut ? "     " : "  ";
  out += printable(text.substr(begin, end - begin)) + (is_cut_off ? "...\n" : "\n");
  for (const char c : text.substr(begin, at - begin)) {
    if (!is_continuation(c)) marks += c == '\t' ? '\t' : ' ';
  }
  marks += '^';
  const std::size_t marked_end = std::min<std::size_t>(end, std::max(span.end, span.begin));
  for (std::size_t i = at + 1; i < marked_end; ++i) {
    if (!is_continuation(text[i])) marks += '~';
  }
  return out + marks + '\n';
}

}  // namespace

std::string text_of(const CheckAnswer& answer) {
  std::string out;
  for (const CheckedFile& file : answer.files) {
    for (const PlacedFinding& finding : file.findings) {
      const bibtex::Diagnostic& diagnostic = finding.diagnostic;
      out += file.path + ':' + std::to_string(finding.line) + ':' + std::to_string(finding.column) + ": ";
      out += bibtex::name_of(diagnostic.severity);
      out += ": " + printable(diagnostic.message) + " [" + std::string(diagnostic.code) + "]\n";
      out += excerpt(file.text, diagnostic.span);
    }
  }
  return out;
}

std::string github_of(const CheckAnswer& answer) {
  std::string out;
  for (const CheckedFile& file : answer.files) {
    for (const PlacedFinding& finding : file.findings) {
      const bibtex::Diagnostic& diagnostic = finding.diagnostic;
      const std::string_view name = bibtex::name_of(diagnostic.severity);
      out += "::" + std::string(name == "note" ? "notice" : name) + " file=" + github_property(file.path) +
             ",line=" + std::to_string(finding.line) + ",col=" + std::to_string(finding.column);
      if (finding.end_line == finding.line) out += ",endColumn=" + std::to_string(finding.end_column);
      out += ",endLine=" + std::to_string(finding.end_line) + ",title=" + github_property(diagnostic.code) +
             "::" + github_message(diagnostic.message) + '\n';
    }
  }
  return out;
}

}  // namespace bibsmith::plugin
