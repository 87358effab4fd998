#pragma once

#include <string_view>
#include <vector>

#include "bibtex/verify/claim.hpp"

namespace bibsmith::plugin {

// The sources that are asked for the title of a reference, in order: those first that are likely to have a
// work of its kind and to know all about it. DBLP has computer science alone, Crossref and OpenAlex what
// publishers register, arXiv its own papers. Names as in Origin. [any thread]
std::vector<std::string_view> title_sources(const bibtex::Claim& claim);

}  // namespace bibsmith::plugin
