#pragma once

#include <string>

#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// A page that stands alone, for a co-author or an editor: every reference, what was compared and who said
// what, those that need a look first. No script, nothing is loaded from elsewhere.
std::string references_page(const VerifyAnswer& answer);

}  // namespace bibsmith::plugin
