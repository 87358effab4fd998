#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/dblp/dblp_answer.hpp"
#include "fetchers/http/title_lookup.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view dblp_base = "https://dblp.org";

// Published works by title and first author from DBLP's search API (dblp.org/faq, "How to use the dblp search
// API"): works that have all the words. DBLP asks for a second or two between requests. [any thread]
TitleProtocol dblp_titles(std::string base = std::string(dblp_base));

// The records of an answer. Errors: as parse_dblp. [any thread]
TitleAnswer read_dblp_titles(std::string_view body, const Origin& origin);

}  // namespace bibsmith::fetchers
