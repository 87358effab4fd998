#pragma once

#include "plugin/json/json_document.hpp"
#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// The answer of verify: {"entries": [...]}; docs/cli.md gives the shape. It holds nothing that differs
// between two runs on the same answers: no times, and no addresses of requests.
JsonDocument json_of(const VerifyAnswer& answer);

}  // namespace bibsmith::plugin
