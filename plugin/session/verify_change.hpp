#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bibtex/syntax/document.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// What is wrong with `after` as the outcome of `edits` on `before`; nullopt: nothing. Compares the bytes on
// its own way, and not by applying the edits again: it is the last thing that stands between a mistake of
// ours and the user's file.
std::optional<std::string> find_wrong_bytes(std::string_view before, std::string_view after,
                                            std::span<const LabelledEdit> edits);

// What is wrong with `after` as a .bib file: an error of syntax that `before` does not have, or an entry or a
// field that an edit has written and that cannot be read. nullopt: nothing.
std::optional<std::string> find_wrong_syntax(const std::string& before, const bibtex::Document& after,
                                             std::span<const LabelledEdit> edits);

}  // namespace bibsmith::plugin
