#pragma once

#include <nlohmann/json.hpp>

#include "plugin/http/http_message.hpp"

namespace bibsmith::plugin {

// The object that a page sent; anything else is an empty one.
inline nlohmann::ordered_json object_of(const WebRequest& request) {
  auto document = nlohmann::ordered_json::parse(request.body, nullptr, false);
  return document.is_object() ? document : nlohmann::ordered_json::object();
}

}  // namespace bibsmith::plugin
