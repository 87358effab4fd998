#pragma once

#include <string>
#include <string_view>

#include "fetchers/crossref/crossref_work.hpp"
#include "fetchers/http/title_lookup.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view crossref_base = "https://api.crossref.org";
inline constexpr std::string_view crossref_source = "crossref";

// Published works by DOI from Crossref's REST API, in batches by /works?filter=doi:…,doi:… .
//
// Who names a contact is served by the polite pool (crossref.org/documentation/retrieve-metadata/rest-api,
// "Access and authentication"): it goes into the parameter mailto. [any thread]
DoiProtocol crossref_dois(std::string_view contact = {}, std::string base = std::string(crossref_base));

// Works by title, by /works?query.bibliographic=…: the five that Crossref ranks best, whether they have the
// words or not. [any thread]
TitleProtocol crossref_titles(std::string_view contact = {}, std::string base = std::string(crossref_base));

}  // namespace bibsmith::fetchers
