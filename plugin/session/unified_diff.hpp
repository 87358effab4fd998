#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bibtex/edit/text_edit.hpp"

namespace bibsmith::plugin {

// What the edits do to `text`, as `diff -u` shows it, with three lines around each change. The edits say
// where to look, so no lines are compared. Empty: they change nothing.
std::string unified_diff(std::string_view path, std::string_view text,
                         std::span<const bibtex::TextEdit> edits);

}  // namespace bibsmith::plugin
