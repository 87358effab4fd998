#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <pugixml.hpp>

#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// The paper that an element <arXiv> or <arXivRaw> describes; nullopt for other elements, and for those
// without an id. [any thread]
std::optional<Record> read_oai_metadata(const pugi::xml_node& metadata, const Origin& origin);

// The names of an author line as typed ("A. First and B. Second (MIT), C. Third, Jr."), each with its suffix,
// without what stands in parentheses. arXivRaw has no more than the line. [any thread]
std::vector<Author> authors_of_line(std::string_view line);

}  // namespace bibsmith::fetchers
