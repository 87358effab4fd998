#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/rpc/parameters.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// The name of a format that we or a plugin can write, or absent.
std::optional<std::string> maybe_format(Parameters& parameters, std::string_view name, Session& session);

}  // namespace bibsmith::plugin
