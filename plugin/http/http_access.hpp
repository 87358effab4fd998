#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugin/http/http_server.hpp"

namespace bibsmith::plugin {

// Why a request is refused before its body is read; nullopt: it is not. Pure. [any thread]
std::optional<WebResponse> refuse_by_head(const WebRequest& head, Access access, std::uint16_t port,
                                          const std::string& token);

}  // namespace bibsmith::plugin
