#pragma once

#include <string>

namespace bibsmith::bench {

// Reads and parses all entries of a file with btparse, the parser of Text::BibTeX and biber; false if this
// was built without it.
bool parse_with_btparse(const std::string& path);

}  // namespace bibsmith::bench
