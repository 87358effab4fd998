#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/syntax/span.hpp"

namespace bibsmith::bibtex {

// Replace the bytes of `span` by `new_text`. An empty span inserts; an empty text deletes.
struct TextEdit {
  Span span;
  std::string new_text;

  friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

struct EditError {
  Span span;
  std::string message;
};

// An edit that owns nothing.
struct EditView {
  Span span;
  std::string_view new_text;
};

// What the edits make of `text`, as views of it and of them: the text before the first edit, its new text,
// the text between it and the second, and so on; two for each edit and one more, some of them empty. Edits
// must be sorted, must lie inside `text` and must not overlap.
tl::expected<std::vector<std::string_view>, EditError> edited_pieces(std::string_view text,
                                                                     std::span<const EditView> edits);

// The pieces as one text. Bytes outside the edits come out as they went in; apply_edits(text, {}) == text.
tl::expected<std::string, EditError> apply_edits(std::string_view text, std::span<const TextEdit> edits);

}  // namespace bibsmith::bibtex
