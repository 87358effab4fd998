#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/arxiv_emulator/stored_paper.hpp"

namespace bibsmith::emulator {

// The OAI-PMH set of a category, "group:archive:CATEGORY": "cs:cs:AI", "physics:hep-th".
std::string set_of_category(std::string_view category);

// The sets of a paper, in the order of its categories; a category with two names is in both sets.
std::vector<std::string> sets_of(const StoredPaper& paper);

// Whether the set is `wanted` or inside it: "cs:cs:AI" is in "cs:cs" and in "cs".
bool is_in_set(std::string_view set, std::string_view wanted);

}  // namespace bibsmith::emulator
