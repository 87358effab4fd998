#include "bibtex/check/findings.hpp"

#include <cstddef>
#include <utility>

#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

void Findings::add(std::string_view code, Severity severity, Span span, std::string message) {
  if (found_.size() < findings_max) found_.push_back(Diagnostic{code, severity, span, std::move(message)});
}

Span text_span(const Document& document, const FieldNode& field) {
  const std::vector<PieceNode> pieces = document.pieces(field);
  return pieces.size() == 1 ? pieces[0].inner : field.value;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_bytes_max = 60;
  const std::string line = collapse_white_space(text.substr(0, 4 * shown_bytes_max));
  std::string shown = "'";
  for (std::size_t at = 0; at < line.size();) {
    const DecodedCharacter character = decode_utf8(line, at);
    if (shown.size() + character.size > shown_bytes_max) {
      shown += "...";
      break;
    }
    const bool is_printable = character.valid && character.code >= 0x20 && character.code != 0x7F;
    shown += is_printable ? std::string_view(line).substr(at, character.size) : "?";
    at += character.size;
  }
  return shown + '\'';
}

}  // namespace bibsmith::bibtex
