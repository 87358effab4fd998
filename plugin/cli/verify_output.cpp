#include "plugin/cli/verify_output.hpp"

#include <algorithm>

#include "plugin/cli/github_text.hpp"
#include "plugin/cli/terminal_text.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::FieldFinding;
using bibtex::VerdictKind;
using Outcome = FieldFinding::Outcome;

// What others wrote must not fill the terminal.
std::string shown(std::string_view text) {
  constexpr std::size_t bytes_max = 160;
  std::string out = terminal_text(text);
  if (out.size() <= bytes_max) return out;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80) --end;  // not within a character
  out.resize(end);
  return out + "...";
}

std::string source_of(const VerifiedReference& reference, const std::optional<std::size_t>& candidate) {
  return candidate ? reference.found.records[*candidate].origins.front().source : std::string();
}

// One line each: what speaks against the reference, or for it.
std::vector<std::string> lines_of(const VerifiedReference& reference, bool all) {
  std::vector<std::string> lines;
  const bibtex::Verdict& verdict = reference.found.verdict;
  if (!reference.accepted.empty()) lines.push_back("because: " + shown(reference.accepted));
  for (const FieldFinding& field : verdict.fields) {
    if (field.outcome != Outcome::contradicted && !(all && field.outcome == Outcome::agreed)) continue;
    std::string line = std::string(bibtex::name_of(field.field)) + ": ";
    if (field.outcome == Outcome::agreed) {
      line += "agrees";
    } else {
      line += '\'' + shown(field.said) + '\'';
      if (!field.known.empty()) line += ", but it is '" + shown(field.known) + '\'';
    }
    const std::string source = source_of(reference, field.candidate);
    if (!source.empty()) line += " (" + source + ')';
    lines.push_back(line + " [" + std::string(field.code) + ']');
  }
  if (verdict.kind != VerdictKind::wrong_fields) {
    for (const bibtex::VerdictReason& reason : verdict.reasons) {
      std::string line = reason.detail.empty() ? std::string(reason.code)
                                               : shown(reason.detail) + " [" + std::string(reason.code) + ']';
      lines.push_back(std::move(line));
    }
  }
  for (const bibtex::FoundNotice& notice : verdict.notices) {
    lines.push_back("notice: " + std::string(name_of(notice.notice.kind)) +
                    (notice.notice.id.empty() ? "" : ", " + shown(notice.notice.id)));
  }
  return lines;
}

bool is_shown(const VerifiedReference& reference) {
  return reference.is_open() || !reference.found.verdict.notices.empty();
}

std::string head_of(const VerifiedReference& reference) {
  const std::string verdict = in_words(reference.found.verdict);
  return (reference.accepted.empty() ? verdict : "accepted (" + verdict + ')') + ": " + shown(reference.key);
}

}  // namespace

std::string text_of(const VerifyAnswer& answer, bool all) {
  std::string out;
  for (const VerifiedFile& file : answer.files) {
    for (const VerifiedReference& reference : file.references) {
      if (!all && !is_shown(reference)) continue;
      out += file.path + ':' + std::to_string(reference.line) + ": " + head_of(reference) + '\n';
      for (const std::string& line : lines_of(reference, all)) out += "  " + line + '\n';
    }
  }
  return out;
}

std::string github_of(const VerifyAnswer& answer) {
  std::string out;
  for (const VerifiedFile& file : answer.files) {
    for (const VerifiedReference& reference : file.references) {
      if (!is_shown(reference)) continue;
      const VerdictKind kind = reference.found.verdict.kind;
      const bool is_error = kind == VerdictKind::does_not_exist || kind == VerdictKind::wrong_fields;
      std::string message = head_of(reference);
      for (const std::string& line : lines_of(reference, false)) message += '\n' + line;
      out += std::string(is_error ? "::error" : "::warning") + " file=" + github_property(file.path) +
             ",line=" + std::to_string(reference.line) +
             ",title=" + github_property(std::string(bibtex::name_of(kind))) +
             "::" + github_message(message) + '\n';
    }
  }
  return out;
}

}  // namespace bibsmith::plugin
