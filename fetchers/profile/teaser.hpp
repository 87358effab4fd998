#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bibsmith::fetchers {

inline constexpr std::size_t teaser_characters = 200;

// The beginning of an abstract as author pages show it: its first 200 characters (code points), and "..." if
// there is more. `text` is plain UTF-8. [any thread]
std::string teaser(std::string_view text);

}  // namespace bibsmith::fetchers
