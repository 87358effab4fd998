#include "plugin/session/verify_change.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/edit/comparable_value.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/part_reader.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::BlockKind;
using bibtex::Document;
using bibtex::FieldNode;

// How often each error occurs, by its code.
using Errors = std::map<std::string_view, std::size_t>;

void count_errors(const bibtex::LargeVector<bibtex::Finding>& findings, Errors& errors) {
  for (const bibtex::Finding& finding : findings) {
    if (bibtex::severity_of(finding.problem) == bibtex::Severity::error)
      ++errors[bibtex::code_of(finding.problem)];
  }
}

Errors errors_of(const Document& document) {
  Errors errors;
  if (document.findings().empty() || document.findings().back().problem != bibtex::SyntaxProblem::and_more) {
    count_errors(document.findings(), errors);
    return errors;
  }
  // More than a Document keeps: all are counted, as those of the new text are.
  bibtex::PartReader reader(
      [&errors](const bibtex::Part& part, std::string_view) { count_errors(part.nodes.findings, errors); },
      bibtex::Keep::blocks);
  constexpr std::size_t piece_bytes = 256u << 10;
  const std::string_view text = document.text();
  for (std::size_t at = 0; at < text.size(); at += piece_bytes) reader.add(text.substr(at, piece_bytes));
  reader.finish();
  return errors;
}

std::string at_byte(std::size_t offset) { return " at byte " + std::to_string(offset + 1); }

}  // namespace

BytesCheck::BytesCheck(std::string_view before, std::span<const LabelledEdit> edits)
    : before_(before), edits_(edits) {
  begin_stretch();
}

void BytesCheck::begin_stretch() {
  is_kept_ = !is_kept_;
  stretch_begin_ = new_at_;
  if (!is_kept_) {
    const bibtex::TextEdit& edit = edits_[next_edit_++].edit;
    expected_ = edit.new_text;
    old_at_ = edit.span.end;
    return;
  }
  expected_ = before_.substr(old_at_);
  if (is_last()) {
    old_at_ = before_.size();
    return;
  }
  const bibtex::Span& span = edits_[next_edit_].edit.span;
  if (span.begin < old_at_ || span.end < span.begin || span.end > before_.size()) {
    wrong_ = "the edits are out of order" + at_byte(span.begin);
    return;
  }
  expected_ = expected_.substr(0, span.begin - old_at_);
  old_at_ = span.begin;
}

std::string BytesCheck::difference() const {
  if (!is_kept_) return "an edit is not as planned" + at_byte(stretch_begin_);
  const std::string what = "a byte outside the edits changed ";
  if (is_last())
    return what + "behind byte " + std::to_string(edits_.empty() ? 0 : edits_.back().edit.span.end);
  return what + "before byte " + std::to_string(edits_[next_edit_].edit.span.begin + 1);
}

bool BytesCheck::add(std::string_view bytes) {
  while (!wrong_) {
    const std::size_t count = std::min(bytes.size(), expected_.size());
    if (bytes.substr(0, count) != expected_.substr(0, count)) {
      wrong_ = difference();
      break;
    }
    bytes.remove_prefix(count);
    expected_.remove_prefix(count);
    new_at_ += count;
    if (!expected_.empty()) break;
    if (is_last()) {
      if (!bytes.empty()) wrong_ = difference();
      break;
    }
    begin_stretch();
  }
  return !wrong_;
}

std::optional<std::string> BytesCheck::finish() {
  add({});  // goes on to the last stretch, if those before it are empty
  if (!wrong_ && !(is_last() && expected_.empty())) wrong_ = difference();
  return wrong_;
}

SyntaxCheck::SyntaxCheck(const Document& before, std::span<const LabelledEdit> edits)
    : before_(before),
      reader_([this](const bibtex::Part& part, std::string_view text) { look_at(part, text); },
              bibtex::Keep::blocks) {
  std::uint64_t new_at = 0;
  std::uint64_t old_at = 0;
  places_.reserve(edits.size());
  for (const LabelledEdit& one : edits) {
    new_at += one.edit.span.begin - old_at;
    const std::uint64_t begin = new_at;
    new_at += one.edit.new_text.size();
    old_at = one.edit.span.end;
    if (one.writes_value) places_.push_back({begin, new_at, &one});
  }
}

void SyntaxCheck::look_at(const bibtex::Part& part, std::string_view text) {
  count_errors(part.nodes.findings, errors_);
  const std::uint64_t end = part_begin_ + text.size();
  while (next_place_ < places_.size() && places_[next_place_].end < part_begin_) ++next_place_;
  if (next_place_ < places_.size() && places_[next_place_].begin <= end) take_values(text);
  part_begin_ = end;
}

// The values of all places in a part: one Document of it takes less than one of each entry.
void SyntaxCheck::take_values(std::string_view text) {
  const Document document = Document::parse(std::string(text));
  std::size_t first = next_place_;  // those before it end before the entry
  for (const bibtex::Block& entry : document.blocks()) {
    const std::uint64_t begin = part_begin_ + entry.span.begin;
    while (first < places_.size() && places_[first].end < begin) ++first;
    if (first == places_.size()) return;
    if (entry.kind != BlockKind::entry) continue;
    const std::uint64_t end = part_begin_ + entry.span.end;
    for (std::size_t i = first; i < places_.size() && places_[i].begin <= end; ++i) {
      take_values(places_[i], document, entry);
    }
  }
}

void SyntaxCheck::take_values(Place& place, const Document& document, const bibtex::Block& entry) {
  const LabelledEdit& edit = *place.edit;
  if (!bibtex::equal_ignoring_case(document.text(entry.key), edit.key)) return;
  place.has_entry = true;
  for (const FieldNode& field : document.fields(entry)) {
    const std::string_view name = document.text(field.name);
    if (!edit.field.empty() && !bibtex::equal_ignoring_case(name, edit.field)) continue;
    place.has_field = true;
    written_.add(edit.key, bibtex::in_lower_case(name), bibtex::comparable_value(document, field));
  }
}

std::optional<std::string> SyntaxCheck::finish() {
  reader_.finish();
  if (!errors_.empty()) {
    const Errors old_errors = errors_of(before_);
    for (const auto& [code, count] : errors_) {
      const auto old_count = old_errors.find(code);
      if (old_count == old_errors.end() || old_count->second < count) {
        return "it would bring in an error (" + std::string(code) + ")";
      }
    }
  }
  for (const Place& place : places_) {
    const LabelledEdit& edit = *place.edit;
    if (!place.has_entry) return "the entry " + edit.key + " could not be read back";
    if (!edit.field.empty() && !place.has_field) {
      return "the field " + edit.field + " of " + edit.key + " could not be read back";
    }
  }
  return std::nullopt;
}

}  // namespace bibsmith::plugin
