#include "bibtex/edit/text_edit.hpp"

#include <cstdint>

#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::bibtex {

tl::expected<std::string, EditError> apply_edits(std::string_view text, std::span<const TextEdit> edits) {
  std::size_t size = text.size();
  for (const TextEdit& edit : edits) size += edit.new_text.size();
  std::string out;
  reserve_large(out, size);
  std::uint32_t done = 0;  // everything before this offset is in `out`

  for (const TextEdit& edit : edits) {
    if (edit.span.begin > edit.span.end || edit.span.end > text.size()) {
      return tl::unexpected(EditError{edit.span, "edit lies outside the document"});
    }
    if (edit.span.begin < done) {
      return tl::unexpected(EditError{edit.span, "edit overlaps the one before it"});
    }
    out += text.substr(done, edit.span.begin - done);
    out += edit.new_text;
    done = edit.span.end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace bibsmith::bibtex
