#include "bibtex/write/write_entry.hpp"

#include <algorithm>
#include <cassert>

#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// Whether "text" would end at its last quote: no quote stands outside braces.
bool fits_in_quotes(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth > 0) --depth;
    if (c == '"' && depth == 0) return false;
  }
  return true;
}

std::string write_piece(const Piece& piece, bool is_alone, const Style& style) {
  const std::string& text = piece.text;
  switch (piece.kind) {
    case Piece::Kind::number:
    case Piece::Kind::macro:
      return text;
    case Piece::Kind::quoted:
      if (fits_in_quotes(text)) return '"' + text + '"';
      break;
    case Piece::Kind::braced: {
      const bool is_number = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
      if (is_alone && is_number && style.has_bare_numbers) return text;
      if (style.has_quotes && fits_in_quotes(text)) return '"' + text + '"';
      break;
    }
  }
  return '{' + text + '}';
}

void pad_to(std::string& out, std::size_t column, std::size_t least) {
  out.append(std::max(least, column > out.size() ? column - out.size() : 0), ' ');
}

}  // namespace

std::string write_value(const Value& value, const Style& style) {
  std::string out;
  for (const Piece& piece : value.pieces) {
    if (!out.empty()) out += " # ";
    out += write_piece(piece, value.pieces.size() == 1, style);
  }
  return out.empty() ? "{}" : out;
}

std::string write_field(std::string_view name, const Value& value, const Style& style) {
  std::string out = in_case(name, style.name_case);
  pad_to(out, style.equals_column, style.blanks_before_equals);
  out += '=';
  pad_to(out, style.value_column, style.blanks_after_equals);
  return out + write_value(value, style);
}

std::string write_entry(const Entry& entry, const Style& style) {
  const std::string before_field = style.has_fields_on_lines ? style.line_end + style.indent : " ";
  // A key may hold '}' where parentheses enclose the entry, and only there.
  const bool has_braces = entry.key.find('}') == std::string::npos;
  std::string out = '@' + in_case(entry.type, style.type_case) + (has_braces ? '{' : '(') + entry.key + ',';
  for (const Field& field : entry.fields) {
    out += before_field;
    out += write_field(field.name, field.value, style);
    out += ',';
  }
  if (!entry.fields.empty() && !style.has_trailing_comma) out.pop_back();
  if (style.has_close_on_line && (style.has_fields_on_lines || entry.fields.empty())) {
    out += style.line_end + style.close_indent;
  }
  return out + (has_braces ? '}' : ')');
}

}  // namespace bibsmith::bibtex
