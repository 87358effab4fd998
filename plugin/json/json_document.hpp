#pragma once

#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace bibsmith::plugin {

// A JSON document that can be passed on without its heavy header. Text of servers and files may hold
// anything: what is not UTF-8 is replaced when it is written, never thrown about.
class JsonDocument {
 public:
  explicit JsonDocument(nlohmann::ordered_json&& value);
  static JsonDocument null();
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  nlohmann::ordered_json& value() { return *value_; }
  const nlohmann::ordered_json& value() const { return *value_; }

  std::string pretty() const;   // for people, with a final newline
  std::string compact() const;  // on one line, without

 private:
  std::unique_ptr<nlohmann::ordered_json> value_;
};

}  // namespace bibsmith::plugin
