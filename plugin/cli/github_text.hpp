#pragma once

#include <string>
#include <string_view>

namespace bibsmith::plugin {

// Text in a workflow command of GitHub Actions (docs.github.com, "Workflow commands"): as a property, where
// the separators are escaped too, and as the message. [any thread]
std::string github_property(std::string_view text);
std::string github_message(std::string_view text);

}  // namespace bibsmith::plugin
