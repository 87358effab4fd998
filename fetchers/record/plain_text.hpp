#pragma once

#include <string>
#include <string_view>

namespace bibsmith {

// The text as a Record holds it: valid UTF-8, runs of white space and line breaks made one space, none at
// either end, control characters (C0, DEL, C1) dropped. Bytes that are not UTF-8 become U+FFFD, one for
// each maximal broken part (Unicode standard, section 3.9, "U+FFFD substitution"). [any thread]
std::string plain_text(std::string_view text);

}  // namespace bibsmith
