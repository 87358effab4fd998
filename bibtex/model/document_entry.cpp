#include "bibtex/model/document_entry.hpp"

#include <string>
#include <utility>

namespace bibsmith::bibtex {

namespace {

Piece::Kind to_kind(PieceKind kind) {
  switch (kind) {
    case PieceKind::braced:
      return Piece::Kind::braced;
    case PieceKind::quoted:
      return Piece::Kind::quoted;
    case PieceKind::number:
      return Piece::Kind::number;
    case PieceKind::macro:
      break;
  }
  return Piece::Kind::macro;
}

// Drops each '}' that closes nothing and adds what is missing at the end.
std::string balance(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '}') {
      if (depth == 0) continue;
      --depth;
    } else if (c == '{') {
      ++depth;
    }
    out += c;
  }
  return out.append(depth, '}');
}

}  // namespace

Value to_value(const Document& document, const FieldNode& field) {
  Value value;
  for (const PieceNode& node : document.pieces(field)) {
    const std::string_view inner = document.text(node.inner);
    const bool is_delimited = node.kind == PieceKind::braced || node.kind == PieceKind::quoted;
    value.pieces.push_back(Piece{to_kind(node.kind), is_delimited ? balance(inner) : std::string(inner)});
  }
  return value;
}

Entry to_entry(const Document& document, const Block& block) {
  Entry entry;
  entry.type = document.text(block.type);
  entry.key = document.text(block.key);
  for (const FieldNode& field : document.fields(block)) {
    Value value = to_value(document, field);
    if (value.pieces.empty()) continue;
    entry.fields.push_back(Field{std::string(document.text(field.name)), std::move(value)});
  }
  return entry;
}

}  // namespace bibsmith::bibtex
