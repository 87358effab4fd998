#pragma once

#include <string>
#include <string_view>

namespace bibsmith::plugin {

// Text that we did not write, as one line of a terminal: without control characters, which would drive it,
// and without marks that turn the direction of writing, which would show a title as another. [any thread]
std::string terminal_text(std::string_view text);

}  // namespace bibsmith::plugin
