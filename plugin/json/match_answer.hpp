#pragma once

#include <string>
#include <string_view>

#include "plugin/json/json_document.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/harvest.hpp"
#include "plugin/session/import_records.hpp"
#include "plugin/session/match.hpp"

namespace bibsmith::plugin {

// The answers of match, harvest and cache import; docs/cli.md gives the shapes.
// `added`: what became of it in `file`; nullptr: nothing was inserted.
JsonDocument json_of(const MatchAnswer& answer, const AddAnswer* added = nullptr,
                     const std::string& file = {});
JsonDocument json_of(const HarvestAnswer& answer);
JsonDocument json_of(const ImportAnswer& answer, const std::string& file);

// "found", "renamed", "several", "none" or "could_not_ask".
std::string_view status_of(const MatchedItem& item);
// "id", "index" or "arxiv"; "": no paper was found.
std::string_view name_of(MatchedItem::Road road);

}  // namespace bibsmith::plugin
