#include "bibtex/edit/text_edit.hpp"

#include <cstdint>

#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::bibtex {

tl::expected<std::vector<std::string_view>, EditError> edited_pieces(std::string_view text,
                                                                     std::span<const EditView> edits) {
  std::vector<std::string_view> pieces;
  pieces.reserve(2 * edits.size() + 1);
  std::uint32_t done = 0;  // everything before this offset is in `pieces`
  for (const EditView& edit : edits) {
    if (edit.span.begin > edit.span.end || edit.span.end > text.size()) {
      return tl::unexpected(EditError{edit.span, "edit lies outside the document"});
    }
    if (edit.span.begin < done) {
      return tl::unexpected(EditError{edit.span, "edit overlaps the one before it"});
    }
    pieces.push_back(text.substr(done, edit.span.begin - done));
    pieces.push_back(edit.new_text);
    done = edit.span.end;
  }
  pieces.push_back(text.substr(done));
  return pieces;
}

tl::expected<std::string, EditError> apply_edits(std::string_view text, std::span<const TextEdit> edits) {
  std::vector<EditView> views;
  views.reserve(edits.size());
  for (const TextEdit& edit : edits) views.push_back({edit.span, edit.new_text});
  const auto pieces = edited_pieces(text, views);
  if (!pieces) return tl::unexpected(pieces.error());
  std::size_t size = 0;
  for (const std::string_view piece : *pieces) size += piece.size();
  std::string out;
  reserve_large(out, size);
  for (const std::string_view piece : *pieces) out += piece;
  return out;
}

}  // namespace bibsmith::bibtex
