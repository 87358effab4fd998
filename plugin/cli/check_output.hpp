#pragma once

#include <string>
#include <string_view>

#include "plugin/session/check.hpp"

namespace bibsmith::plugin {

// Findings for people, in the manner of a compiler: place, message and code on one line, then the source line
// with a caret under it.
std::string text_of(const CheckAnswer& answer);

// Workflow commands of GitHub Actions, one a line, which appear beside the changed lines of a pull request.
std::string github_of(const CheckAnswer& answer);

}  // namespace bibsmith::plugin
