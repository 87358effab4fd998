#pragma once

#include <cstdint>
#include <string_view>

#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// Everything in `text`. Total: any bytes give nodes and diagnostics, in order of place.
Nodes parse_nodes(std::string_view text, MaskKernel kernel = best_kernel());

// A run of whole blocks inside a text, read by itself.
struct Part {
  Nodes nodes;  // offsets count from the start of the part
  std::uint32_t end = 0;
  std::uint32_t reach = 0;       // the reading depends on no byte of the text from here on
  bool has_touched_end = false;  // and perhaps on what would follow the text, were it longer
};

// What is kept of a part: all, or the blocks without their keys and fields, and all findings but those about
// repeated fields.
enum class Keep : std::uint8_t { all, blocks };

// Reads the blocks of `text` from `from`, where a block begins, until one that begins a line begins at or
// after `stop`, or until the end. If `is_whole` is not set, more follows after the text. The nodes are those
// that parse_nodes finds there; only repeated keys and the last line are not looked at.
Part parse_part(std::string_view text, std::uint32_t from, std::uint32_t stop, bool is_whole,
                Keep keep = Keep::all);

// The finding about the last line, and what parse_nodes refuses to read; for those who put parts together.
void add_lost_on_last_line(std::string_view text, Nodes& nodes);
bool is_refused(std::string_view text);

// Orders findings by place; those of one place keep their order.
void sort_findings(LargeVector<Finding>& findings);

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
