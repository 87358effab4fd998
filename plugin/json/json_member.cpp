#include "plugin/json/json_member.hpp"

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

std::string text_in(const nlohmann::ordered_json& object, const char* name) {
  const auto member = object.is_object() ? object.find(name) : object.end();
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

}  // namespace bibsmith::plugin
