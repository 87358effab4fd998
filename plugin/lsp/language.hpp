#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::plugin {

// What a document is written in, as far as citations go.
enum class Language : std::uint8_t { latex, markdown, typst, org, bibtex, other };

// By the language id of LSP ("latex", Neovim's "tex", "quarto" ...), and where that says nothing by the
// extension of the path.
Language language_of(std::string_view language_id, std::string_view path);

}  // namespace bibsmith::plugin
