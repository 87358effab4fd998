#pragma once

#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// What a marker of a KeyPattern ("auth", "authors3", "shorttitle", the name of a field) stands for in a
// resolved entry: ASCII words, before the modifiers. By the manual of JabRef. [any thread]
std::string key_marker_text(std::string_view marker, const Entry& entry);

}  // namespace bibsmith::bibtex
