#pragma once

#include <string>

#include "tests/arxiv_emulator/archive.hpp"

namespace bibsmith::emulator {

// The <entry> of one version, indented as in a feed, with the order of elements that `engine` has. [any
// thread]
std::string atom_entry(const StoredPaper& paper, const StoredVersion& version, Engine engine);

}  // namespace bibsmith::emulator
