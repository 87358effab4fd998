#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/name.hpp"
#include "fetchers/arxiv/query.hpp"

namespace bibsmith::plugin {

// The forms under which a person's papers may be: "Jason D. Lee", "J. D. Lee", "J.D. Lee", "Jason Lee",
// "Lee Jason D.". With accents and without. A bare initial ("J. Lee") is not among them where more is known:
// it is everybody's.
std::vector<std::string> search_forms(const bibtex::Name& name);

// A search for papers by any of the names; nullopt: there is none in them.
std::optional<fetchers::SearchQuery> search_for_names(std::span<const std::string> names);

// The same for all forms of one person's name.
std::optional<fetchers::SearchQuery> search_for_person(const bibtex::Name& name);

// "lee_j_1" (info.arxiv.org/help/author_identifiers.html).
bool is_author_id(std::string_view text);

}  // namespace bibsmith::plugin
