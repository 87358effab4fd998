#pragma once

#include <cstdint>
#include <set>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// Which entries are not for us to write into.

// The field `bibsmith = {keep}`, or a line "% bibsmith: keep" before the entry. [any thread]
bool is_opted_out(const Document& document, const Macros& macros, const Block& entry);

// Blocks in which the parser found what changes what an entry says; nobody knows what their author meant.
// [any thread]
std::set<std::uint32_t> broken_blocks(const Document& document);

}  // namespace bibsmith::bibtex
