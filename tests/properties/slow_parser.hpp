#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::testing {

// The grammar of docs/bib-grammar.md once more, a byte at a time and without a thought for speed: what the
// parser must agree with. Gives the lines that outline() gives for a Document.
std::vector<std::string> slow_outline(std::string_view text);

}  // namespace bibsmith::testing
