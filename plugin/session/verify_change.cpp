#include "plugin/session/verify_change.hpp"

#include <cstddef>
#include <map>
#include <thread>

#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::plugin {

namespace {

// How often each error occurs, by its code.
std::map<std::string_view, std::size_t> errors_of(const bibtex::Document& document) {
  std::map<std::string_view, std::size_t> errors;
  for (const bibtex::Finding& finding : document.findings()) {
    if (bibtex::severity_of(finding.problem) == bibtex::Severity::error)
      ++errors[bibtex::code_of(finding.problem)];
  }
  return errors;
}

std::string at_byte(std::size_t offset) { return " at byte " + std::to_string(offset + 1); }

}  // namespace

std::optional<std::string> find_wrong_bytes(std::string_view before, std::string_view after,
                                            std::span<const LabelledEdit> edits) {
  std::size_t old_at = 0;
  std::size_t new_at = 0;
  for (const LabelledEdit& one : edits) {
    const bibtex::Span& span = one.edit.span;
    if (span.begin < old_at || span.end < span.begin || span.end > before.size()) {
      return "the edits are out of order" + at_byte(span.begin);
    }
    const std::size_t kept = span.begin - old_at;
    if (after.substr(std::min(new_at, after.size()), kept) != before.substr(old_at, kept)) {
      return "a byte outside the edits changed before byte " + std::to_string(span.begin + 1);
    }
    new_at += kept;
    const std::string& text = one.edit.new_text;
    if (after.substr(std::min(new_at, after.size()), text.size()) != text) {
      return "an edit is not as planned" + at_byte(new_at);
    }
    new_at += text.size();
    old_at = span.end;
  }
  if (new_at > after.size() || after.substr(new_at) != before.substr(old_at)) {
    return "a byte outside the edits changed behind byte " + std::to_string(old_at);
  }
  return std::nullopt;
}

std::optional<std::string> find_wrong_syntax(const std::string& before, const bibtex::Document& after,
                                             std::span<const LabelledEdit> edits) {
  const auto new_errors = errors_of(after);
  if (!new_errors.empty()) {
    const auto old_errors = errors_of(
        bibtex::Document::parse(bibtex::copy_of_large(before), std::thread::hardware_concurrency()));
    for (const auto& [code, count] : new_errors) {
      const auto old_count = old_errors.find(code);
      if (old_count == old_errors.end() || old_count->second < count) {
        return "it would bring in an error (" + std::string(code) + ")";
      }
    }
  }
  for (const LabelledEdit& one : edits) {
    if (!one.writes_value) continue;
    const auto entry = after.find(one.key);
    if (!entry) return "the entry " + one.key + " could not be read back";
    if (!one.field.empty() && !after.find_field(*entry, one.field)) {
      return "the field " + one.field + " of " + one.key + " could not be read back";
    }
  }
  return std::nullopt;
}

}  // namespace bibsmith::plugin
