#include "bibtex/write/write_entry.hpp"

#include <algorithm>
#include <cassert>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t entry_bytes_usual = 1024;

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

void append_piece(std::string& out, const Piece& piece, bool is_alone, const Style& style) {
  const std::string& text = piece.text;
  const auto enclosed = [&](char open, char close) {
    out += open;
    out += text;
    out += close;
  };
  switch (piece.kind) {
    case Piece::Kind::number:
    case Piece::Kind::macro:
      out += text;
      return;
    case Piece::Kind::quoted:
      if (fits_in_quotes(text)) return enclosed('"', '"');
      break;
    case Piece::Kind::braced:
      if (style.has_bare_numbers && is_alone && !text.empty() &&
          std::all_of(text.begin(), text.end(), is_digit)) {
        out += text;
        return;
      }
      if (style.has_quotes && fits_in_quotes(text)) return enclosed('"', '"');
      break;
  }
  enclosed('{', '}');
}

void append_value(std::string& out, const Value& value, const Style& style) {
  const std::size_t begin = out.size();
  for (const Piece& piece : value.pieces) {
    if (out.size() > begin) out += " # ";
    append_piece(out, piece, value.pieces.size() == 1, style);
  }
  if (out.size() == begin) out += "{}";
}

// Blanks up to `column` of the line that begins at `begin`.
void pad_to(std::string& out, std::size_t begin, std::size_t column, std::size_t least) {
  const std::size_t width = out.size() - begin;
  const std::size_t blanks = std::max(least, column > width ? column - width : 0);
  if (blanks == 1) {
    out += ' ';
  } else {
    out.append(blanks, ' ');
  }
}

void append_field(std::string& out, std::string_view name, const Value& value, const Style& style) {
  const std::size_t begin = out.size();
  if (style.name_case == LetterCase::lower) {
    out += name;
    for (std::size_t i = begin; i < out.size(); ++i) out[i] = lower(out[i]);
  } else {
    out += in_case(name, style.name_case);
  }
  pad_to(out, begin, style.equals_column, style.blanks_before_equals);
  out += '=';
  pad_to(out, begin, style.value_column, style.blanks_after_equals);
  append_value(out, value, style);
}

}  // namespace

std::string write_value(const Value& value, const Style& style) {
  std::string out;
  append_value(out, value, style);
  return out;
}

std::string write_field(std::string_view name, const Value& value, const Style& style) {
  std::string out;
  append_field(out, name, value, style);
  return out;
}

std::string write_entry(const Entry& entry, const Style& style) {
  const std::string before_field = style.has_fields_on_lines ? style.line_end + style.indent : " ";
  // A key may hold '}' where parentheses enclose the entry, and only there.
  const bool has_braces = entry.key.find('}') == std::string::npos;
  std::string out;
  out.reserve(entry_bytes_usual);
  out += '@';
  out += in_case(entry.type, style.type_case);
  out += has_braces ? '{' : '(';
  out += entry.key;
  out += ',';
  for (const Field& field : entry.fields) {
    out += before_field;
    append_field(out, field.name, field.value, style);
    out += ',';
  }
  if (!entry.fields.empty() && !style.has_trailing_comma) out.pop_back();
  if (style.has_close_on_line && (style.has_fields_on_lines || entry.fields.empty())) {
    out += style.line_end;
    out += style.close_indent;
  }
  out += has_braces ? '}' : ')';
  return out;
}

}  // namespace bibsmith::bibtex
