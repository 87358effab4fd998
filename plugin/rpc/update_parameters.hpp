#pragma once

#include "plugin/rpc/parameters.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

// "only", "fields", "keep", "publish", "overwrite", "search": what `bibsmith update` takes as options.
UpdateRequest update_request(Parameters& parameters);

}  // namespace bibsmith::plugin
