#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::plugin {

// What a document is written in, as far as citations go.
enum class Language : std::uint8_t { latex, markdown, typst, org, bibtex, other };

// By the extension of the path, and where that says nothing by the language id of LSP ("latex", Neovim's
// "tex", "quarto" ...). Eglot 1.9 gives every file that a server manages the id of the first, a ".bib" that
// of LaTeX.
Language language_of(std::string_view language_id, std::string_view path);

}  // namespace bibsmith::plugin
