#pragma once

#include <string>
#include <vector>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::testing {

// What the parser found, a line a block that is not junk: "misc a: title={t} year=1999". A value that is
// missing shows as "year=?", an entry that is not closed ends in "...".
inline std::vector<std::string> outline(const bibtex::Document& document) {
  std::vector<std::string> lines;
  for (const bibtex::Block& block : document.blocks()) {
    if (block.kind == bibtex::BlockKind::junk) continue;
    if (block.kind == bibtex::BlockKind::comment) {
      lines.emplace_back(document.text(block.span));
      continue;
    }
    std::string line(document.text(block.type));
    if (block.kind == bibtex::BlockKind::entry) line += ' ' + std::string(document.text(block.key));
    line += ':';
    for (const bibtex::FieldNode& field : document.fields(block)) {
      line += ' ' + std::string(document.text(field.name)) + '=';
      const std::vector<bibtex::PieceNode> pieces = document.pieces(field);
      if (pieces.empty()) line += '?';
      for (const bibtex::PieceNode& piece : pieces) {
        if (piece.span != pieces[0].span) line += '#';
        line += document.text(piece.span);
      }
    }
    if (!block.is_closed) line += "...";
    lines.push_back(std::move(line));
  }
  return lines;
}

inline std::vector<std::string> codes(const bibtex::Document& document) {
  std::vector<std::string> codes;
  for (const bibtex::Diagnostic& diagnostic : document.diagnostics()) codes.emplace_back(diagnostic.code);
  return codes;
}

}  // namespace bibsmith::testing
