#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace bibsmith::plugin {

// The text that a member of an object is; empty: it is absent or of another type, or `object` is none.
std::string text_in(const nlohmann::ordered_json& object, const char* name);

}  // namespace bibsmith::plugin
