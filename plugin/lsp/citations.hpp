#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/span.hpp"
#include "plugin/lsp/language.hpp"

namespace bibsmith::plugin {

// Whether a key can be something else than a citation: "@fig:one" of Markdown, any "@label" of Typst.
bool may_be_label(std::string_view key, Language language);

// Where a key is being typed.
struct TypedKey {
  bibtex::Span span;  // the whole key, behind the cursor too
  std::string typed;  // before the cursor; may hold spaces in LaTeX: title words
};

// The key at the cursor, if a citation is written there. [any thread]
std::optional<TypedKey> typed_key(std::string_view text, std::uint32_t cursor, Language language);

}  // namespace bibsmith::plugin
