#include "plugin/cli/terminal_text.hpp"

#include "fetchers/record/plain_text.hpp"
#include "plugin/pages/html_text.hpp"

namespace bibsmith::plugin {

std::string terminal_text(std::string_view text) { return without_direction_marks(plain_text(text)); }

}  // namespace bibsmith::plugin
