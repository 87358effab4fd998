#pragma once

#include <string>
#include <string_view>

namespace bibsmith::plugin {

// A unified diff for a terminal: removed lines red, added ones green, and where one line took the place of
// another the words that differ in reverse. What could drive a terminal is left out. [any thread]
std::string colored_diff(std::string_view unified);

}  // namespace bibsmith::plugin
