#pragma once

#include <string>
#include <string_view>

#include "fetchers/http/doi_batches.hpp"
#include "fetchers/http/title_lookup.hpp"
#include "fetchers/openalex/openalex_work.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view openalex_base = "https://api.openalex.org";

// Works by DOI from OpenAlex, fifty in one request (/works?filter=doi:…|…, docs.openalex.org, "Filter works":
// up to 50 values with an or). Who names an address is served by the polite pool. [any thread]
DoiProtocol openalex_dois(std::string_view contact = {}, std::string base = std::string(openalex_base));

// Works by title, by /works?search=…: titles, abstracts and full texts that have all the words, ranked by
// where they stand. [any thread]
TitleProtocol openalex_titles(std::string_view contact = {}, std::string base = std::string(openalex_base));

}  // namespace bibsmith::fetchers
