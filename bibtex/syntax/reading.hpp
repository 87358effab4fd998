#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// What was read of a stretch of a text; all offsets count from the start of the text. For those who put parts
// of a text together; Document is for all others.
struct Reading {
  Nodes nodes;                    // with the findings of the grammar, in the order in which they were met
  std::vector<Finding> encoding;  // in order of place
  bool is_full = false;           // more findings were met than are kept
  std::uint32_t end = 0;
  std::uint32_t furthest = 0;  // the reading looked no further, but for the head of a block
  bool has_touched_end = false;
};

// What to read: the blocks of `text` from `from`, where a block begins, until one that begins a line begins
// at or after `stop`, or until the end.
struct Stretch {
  std::uint32_t from = 0;
  std::uint32_t stop = 0;
  std::uint32_t room = 0;  // bytes for whose nodes room is made: more than are read if nodes are to be added
  bool is_whole = true;    // else more follows after the text
  Keep keep = Keep::all;
};
Reading read_stretch(std::string_view text, const Stretch& stretch, MaskKernel kernel);

// The nodes of a reading of all of `text`, with all findings but those about repeated keys, in order.
Nodes complete(std::string_view text, Reading reading);

// Puts both lists into order of place. They are nearly so: a finding about a value comes before those inside
// it.
void merge_findings(LargeVector<Finding>& all, const std::vector<Finding>& encoding, bool is_full);

// What cannot be read as a .bib file at all, if it is so, and its one junk.
std::optional<SyntaxProblem> find_refusal(std::string_view text);
Nodes refused_nodes(std::string_view text, SyntaxProblem refusal);

}  // namespace bibsmith::bibtex
