#pragma once

#include <optional>
#include <string_view>

#include "fetchers/record/arxiv_id.hpp"

namespace bibsmith::plugin {

// The paper that a citation key asks for: "arXiv:1706.03762", "doi:10.48550/arXiv.1706.03762", the same
// without "doi:", and bare "1706.03762" and "hep-th/9901001"; each with or without a version, the prefixes in
// any case. nullopt: a key as people choose them. [any thread]
std::optional<ArxivId> requested_paper(std::string_view key);

}  // namespace bibsmith::plugin
