#pragma once

#include <string_view>

#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// What parse_nodes gives, read by up to `threads` threads at once; this one is among them. For any bytes the
// result is the same: where a text was cut at what only looked like the start of an entry, that part is read
// again. A text of less than 16 MB a thread is not worth a thread. [any thread]
Nodes parse_nodes_in_parallel(std::string_view text, unsigned threads);

// The same, for tests, with parts of at least `part_bytes_min`.
Nodes parse_nodes_in_parts(std::string_view text, unsigned threads, std::size_t part_bytes_min);

}  // namespace bibsmith::bibtex
