#include "bibtex/edit/comparable_value.hpp"

#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

std::string comparable_value(const Document& document, const FieldNode& field) {
  std::string out;
  for (const PieceNode& piece : document.pieces(field)) {
    if (!out.empty()) out += " # ";
    if (piece.kind == PieceKind::macro || piece.kind == PieceKind::number) {
      out += document.text(piece.span);
      continue;
    }
    out += '{';
    const std::size_t begin = out.size();
    bool is_after_space = true;
    for (const char c : document.text(piece.inner)) {
      const bool is_space = is_white_space(c);
      if (!is_space) out += c;
      if (is_space && !is_after_space) out += ' ';
      is_after_space = is_space;
    }
    if (out.size() > begin && out.back() == ' ') out.pop_back();
    out += '}';
  }
  return out;
}

}  // namespace bibsmith::bibtex
