#pragma once

#include <string>

namespace bibsmith::plugin {

// Has a program show the address: `program` (the user's $BROWSER), or xdg-open where it is empty. Does not
// wait for it. false: it does not start. [any thread]
bool open_page(const std::string& program, const std::string& url);

}  // namespace bibsmith::plugin
