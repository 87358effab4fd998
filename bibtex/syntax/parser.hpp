#pragma once

#include <cstdint>
#include <string_view>

#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// Everything in `text`. Total: any bytes give nodes and diagnostics, in order of place.
Nodes parse_nodes(std::string_view text, MaskKernel kernel = best_kernel());

// What the structure pass counts; nothing is kept.
struct Structure {
  std::uint64_t blocks = 0;
  std::uint64_t entries = 0;
  std::uint64_t fields = 0;
  std::uint64_t diagnostics = 0;

  friend bool operator==(const Structure&, const Structure&) = default;
};

// Reads all of `text` as parse_nodes does and validates it, but only counts.
Structure count_structure(std::string_view text, MaskKernel kernel = best_kernel());

}  // namespace bibsmith::bibtex
