#pragma once

#include <optional>
#include <string_view>

#include "fetchers/record/arxiv_id.hpp"

namespace bibsmith::bibtex {

// The paper that the comment of a withdrawn or superseded one sends its readers to: "superseded by
// arXiv:1603.01573", "merged into …", "see …"; not the one that it overlaps with.
std::optional<ArxivId> find_successor(std::string_view comment);

}  // namespace bibsmith::bibtex
