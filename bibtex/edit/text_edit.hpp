#pragma once

#include <span>
#include <string>
#include <string_view>

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

// Bytes outside the edits come out as they went in; apply_edits(text, {}) == text.
// Edits must be sorted, must lie inside `text` and must not overlap.
tl::expected<std::string, EditError> apply_edits(std::string_view text, std::span<const TextEdit> edits);

}  // namespace bibsmith::bibtex
