#pragma once

#include <string>

namespace bibsmith::plugin {

// The process of one shared object (`bibsmith plugin-host FILE`): loads it, and speaks for it the protocol of
// process plugins on standard input and output, until the input ends. Whatever the plugin does to its
// process, it does to this one alone. Returns the exit status.
int run_shared_object_host(const std::string& path);

}  // namespace bibsmith::plugin
