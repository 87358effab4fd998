#include "bibtex/edit/entry_edit.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <utility>

#include "bibtex/edit/placement.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/write/write_entry.hpp"

namespace bibsmith::bibtex {

namespace {

bool is_closed(const Document& document, const FieldNode& field) {
  const StoredField& stored = document.nodes().fields[field.index];
  if (!stored.is_concatenated) return stored.value.is_closed;
  const std::vector<PieceNode> pieces = document.pieces(field);
  return pieces.back().inner.end == pieces.back().span.end - 1 || pieces.back().kind == PieceKind::number ||
         pieces.back().kind == PieceKind::macro;
}

// Where the comma stands that follows `at`, if one does.
std::optional<std::uint32_t> comma_after(std::string_view text, std::uint32_t at) {
  at = skip_white_space(text, at);
  if (at < text.size() && text[at] == ',') return at;
  return std::nullopt;
}

// The text that comes between a comma and the next field.
std::string field_separator(const Style& style) {
  return style.has_fields_on_lines ? style.line_end + style.indent : " ";
}

TextEdit add_field(const Document& document, const Block& entry, const std::string& field,
                   const Style& style) {
  const std::string_view text = document.text();
  // Nothing can follow a value that was never closed; a field can go before it.
  std::uint32_t fields = entry.end_field - entry.first_field;
  while (fields > 0 && !is_closed(document, document.fields(entry)[fields - 1])) --fields;
  const bool is_first = fields == 0;
  const bool is_last = fields == entry.end_field - entry.first_field;
  std::uint32_t at = is_first ? entry.key.end : document.fields(entry)[fields - 1].value.end;

  std::string before = field_separator(style);
  std::string after;
  if (const auto comma = comma_after(text, at)) {
    at = *comma + 1;
    const std::uint32_t comment = skip_blanks(text, at);
    if (comment < text.size() && text[comment] == '%') at = end_of_line(text, at);
    if (!is_first || !is_last || style.has_trailing_comma) after = ",";
  } else {
    before.insert(0, ",");
    if (is_first && is_last && style.has_trailing_comma) after = ",";
  }
  const bool is_before_close = entry.is_closed && skip_blanks(text, at) == entry.span.end - 1;
  if (is_first && is_last && is_before_close && style.has_fields_on_lines && style.has_close_on_line) {
    after += style.line_end + style.close_indent;
  }
  return TextEdit{Span{at, at}, before + field + after};
}

// Where the removal of a field without a comma of its own begins: at the comma before it. Behind the key of
// an entry in parentheses the comma stays, because such a key may hold the ')' that would follow it.
std::uint32_t begin_of_removal(const Document& document, const Block& entry, std::uint32_t field) {
  if (field != entry.first_field) return document.field(field - 1).value.end;
  const auto comma = comma_after(document.text(), entry.key.end);
  return comma && !entry.has_braces ? *comma + 1 : entry.key.end;
}

// The bytes that go when a field goes: its line if it has one of its own, and one comma.
Span span_to_remove(const Document& document, const Block& entry, const FieldNode& field) {
  const std::string_view text = document.text();
  Span span{field.name.begin, std::max(field.name.end, field.value.end)};
  if (const auto comma = comma_after(text, span.end)) {
    span.end = *comma + 1;
    const std::uint32_t line_end = skip_blanks(text, span.end);
    if (is_first_on_line(text, span.begin) && line_end < text.size() && is_line_end(text[line_end])) {
      return Span{begin_of_line(text, span.begin), skip_line_end(text, line_end)};
    }
    span.end = line_end;
    return span;
  }
  const std::uint32_t before =
      field.index == entry.first_field ? entry.key.end : document.field(field.index - 1).value.end;
  const auto comma = comma_after(text, before);
  if (comma && skip_white_space(text, *comma + 1) == span.begin) {
    span.begin = begin_of_removal(document, entry, field.index);
  }
  return span;
}

// The bytes that go when these fields, in their order, go together.
std::vector<TextEdit> remove_fields(const Document& document, const Block& entry,
                                    const std::vector<FieldNode>& fields) {
  std::vector<TextEdit> edits;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Span span = span_to_remove(document, entry, fields[i]);
    // A last field without a comma takes the comma of the last one that stays.
    if (span.begin < fields[i].name.begin && !comma_after(document.text(), fields[i].value.end)) {
      std::size_t first = i;
      while (first > 0 && fields[first - 1].index + 1 == fields[first].index) --first;
      if (first < i) span.begin = begin_of_removal(document, entry, fields[first].index);
    }
    while (!edits.empty() && span.begin <= edits.back().span.end) {
      span.begin = std::min(span.begin, edits.back().span.begin);
      edits.pop_back();
    }
    edits.push_back(TextEdit{span, ""});
  }
  return edits;
}

bool names_key(const Document& document, const FieldNode& field, std::string_view key) {
  const std::string_view name = document.text(field.name);
  if (!equal_ignoring_case(name, "crossref") && !equal_ignoring_case(name, "xref")) return false;
  const std::vector<PieceNode> pieces = document.pieces(field);
  return pieces.size() == 1 && equal_ignoring_case(document.text(pieces[0].inner), key);
}

}  // namespace

std::vector<TextEdit> set_field(const Document& document, const Block& entry, std::string_view name,
                                const Value& value, const Style& style) {
  assert(entry.kind == BlockKind::entry);
  const Style local = measure_entry_style(document, entry, style);
  const std::optional<FieldNode> field = document.find_field(entry, name);
  if (!field) return {add_field(document, entry, write_field(name, value, local), local)};

  std::string text = write_value(value, local);
  if (document.text(field->value) == text) return {};
  const Span between{field->name.end, field->value.begin};
  if (field->value.empty() && document.text(between).find('=') == std::string_view::npos) {
    text.insert(0, " = ");
  }
  return {TextEdit{field->value, std::move(text)}};
}

std::vector<TextEdit> remove_field(const Document& document, const Block& entry, std::string_view name) {
  assert(entry.kind == BlockKind::entry);
  std::vector<FieldNode> fields;
  for (const FieldNode& field : document.fields(entry)) {
    if (equal_ignoring_case(document.text(field.name), name)) fields.push_back(field);
  }
  return remove_fields(document, entry, fields);
}

std::vector<FieldEdit> change_entry(const Document& document, const Block& entry, const EntryChange& change,
                                    const Style& style) {
  assert(entry.kind == BlockKind::entry);
  const Style local = measure_entry_style(document, entry, style);
  std::vector<FieldEdit> edits;
  if (change.type && !equal_ignoring_case(document.text(entry.type), *change.type)) {
    edits.push_back({TextEdit{entry.type, in_case(*change.type, local.type_case)}, {}});
  }
  struct Coming {
    std::string name;
    std::string text;
  };
  std::vector<FieldNode> leaving;
  std::vector<Coming> coming;
  for (const auto& [name, value] : change.fields) {
    if (!value) {
      for (const FieldNode& field : document.fields(entry)) {
        if (equal_ignoring_case(document.text(field.name), name)) leaving.push_back(field);
      }
    } else if (document.find_field(entry, name)) {
      for (TextEdit& edit : set_field(document, entry, name, *value, style))
        edits.push_back({std::move(edit), name});
    } else {
      coming.push_back({name, write_field(name, *value, local)});
    }
  }
  std::sort(leaving.begin(), leaving.end(),
            [](const FieldNode& a, const FieldNode& b) { return a.index < b.index; });

  std::size_t placed = 0;
  std::vector<FieldNode> going;
  for (const FieldNode& field : leaving) {
    if (placed < coming.size() && is_closed(document, field)) {
      const Span span{field.name.begin, std::max(field.name.end, field.value.end)};
      edits.push_back({TextEdit{span, std::move(coming[placed].text)}, std::move(coming[placed].name)});
      ++placed;
    } else {
      going.push_back(field);
    }
  }
  for (TextEdit& edit : remove_fields(document, entry, going)) {
    const auto first = std::find_if(going.begin(), going.end(), [&](const FieldNode& field) {
      return field.name.begin >= edit.span.begin;
    });
    edits.push_back({std::move(edit), std::string(document.text(first->name))});
  }
  if (placed < coming.size()) {
    // One place, several edits: the marks before the first field and behind the last are written once.
    const std::string marker(1, '\0');
    TextEdit around = add_field(document, entry, marker, local);
    const std::size_t at = around.new_text.find(marker);
    std::string before = around.new_text.substr(0, at);
    const std::string after = around.new_text.substr(at + 1);
    for (; placed < coming.size(); ++placed) {
      std::string text = std::exchange(before, "," + field_separator(local)) + coming[placed].text;
      if (placed + 1 == coming.size()) text += after;
      edits.push_back({TextEdit{around.span, std::move(text)}, std::move(coming[placed].name)});
    }
  }
  std::stable_sort(edits.begin(), edits.end(), [](const FieldEdit& a, const FieldEdit& b) {
    return a.edit.span.begin != b.edit.span.begin ? a.edit.span.begin < b.edit.span.begin
                                                  : a.edit.span.end < b.edit.span.end;
  });
  return edits;
}

std::vector<TextEdit> rename_key(const Document& document, const Block& entry, std::string_view new_key) {
  assert(entry.kind == BlockKind::entry);
  const std::string_view old_key = document.text(entry.key);
  if (old_key == new_key) return {};
  std::string text(new_key);
  if (entry.key.empty()) {
    const std::uint32_t next = skip_white_space(document.text(), entry.key.begin);
    const bool has_field_next = next < document.text().size() && can_be_in_name(document.text()[next]);
    return {TextEdit{entry.key, has_field_next ? text + ", " : text}};
  }
  std::vector<TextEdit> edits;
  for (const Block& block : document.blocks()) {
    if (block.index == entry.index) edits.push_back(TextEdit{entry.key, text});
    if (block.kind != BlockKind::entry) continue;
    for (const FieldNode& field : document.fields(block)) {
      if (names_key(document, field, old_key)) {
        edits.push_back(TextEdit{document.pieces(field)[0].inner, text});
      }
    }
  }
  return edits;
}

}  // namespace bibsmith::bibtex
