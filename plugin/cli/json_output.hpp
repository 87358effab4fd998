#pragma once

#include <string>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "fetchers/cache/store.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/cite.hpp"

namespace bibsmith::plugin {

// One JSON document a command, with a final newline. docs/cli.md gives the shapes; fields are never renamed.
std::string json_of(const CiteAnswer& answer, const std::string& format);
std::string json_of(const AddAnswer& answer, const std::string& file);
std::string json_of(const fetchers::SearchResult& result);
std::string json_of(const fetchers::StoreStats& stats);

}  // namespace bibsmith::plugin
