#pragma once

#include <optional>

#include <pugixml.hpp>

#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// The paper that an element <arXiv> or <arXivRaw> describes; nullopt for other elements, and for those
// without an id. [any thread]
std::optional<Record> read_oai_metadata(const pugi::xml_node& metadata, const Origin& origin);

}  // namespace bibsmith::fetchers
