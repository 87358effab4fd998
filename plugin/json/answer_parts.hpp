#pragma once

#include <nlohmann/json.hpp>

#include "fetchers/record/fetcher.hpp"
#include "plugin/session/cite.hpp"

namespace bibsmith::plugin {

// Parts that several answers have, in the shapes of docs/cli.md.

nlohmann::ordered_json entry_of(const CitedPaper& paper, bool explain = false);
nlohmann::ordered_json error_of(const FetchError& error);
// "not_found", "could_not_ask" and "invalid".
void add_outcome(nlohmann::ordered_json& out, const std::vector<ArxivId>& not_found,
                 const std::vector<FetchResult::Failure>& failures, const std::vector<InvalidId>& invalid);

}  // namespace bibsmith::plugin
