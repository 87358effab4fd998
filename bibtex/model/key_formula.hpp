#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "bibtex/model/key_pattern.hpp"

namespace bibsmith::bibtex {

// Translates a formula of Better BibTeX for Zotero, `auth.lower + shorttitle(3,3) + year`, to the pattern in
// brackets that means the same, "[auth:lower][shorttitle3_3][year]" (retorque.re/zotero-better-bibtex,
// "Citation keys"). nullopt: this is no formula, because it does not begin with a function or a text in
// quotes. [any thread]
std::optional<tl::expected<std::string, PatternError>> pattern_of_formula(std::string_view formula);

}  // namespace bibsmith::bibtex
