#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plugin/rpc/rpc_error.hpp"

namespace bibsmith::plugin {

// Reads the parameters of a method: an object, whose members are asked for by name. The first mistake is
// kept, so that a method reads all of them and then asks once; what it did not ask for is a mistake too.
class Parameters {
 public:
  // `object` outlives this; null counts as empty.
  explicit Parameters(const nlohmann::ordered_json& object);

  std::string text(std::string_view name);  // must be there
  std::optional<std::string> maybe_text(std::string_view name);
  // One of `words`, or absent.
  std::optional<std::string> maybe_word(std::string_view name, const std::vector<std::string_view>& words);
  bool flag(std::string_view name, bool absent = false);
  // A whole number from 0 to `max`.
  std::optional<std::size_t> maybe_number(std::string_view name, std::size_t max);
  // A list of texts, or one text; absent: none.
  std::vector<std::string> texts(std::string_view name);
  // A value of any kind; null: absent.
  const nlohmann::ordered_json& value(std::string_view name);

  // A member that is a mistake for a reason that only the method knows.
  void refuse(std::string_view name, const std::string& why);

  std::optional<RpcError> mistake();

 private:
  const nlohmann::ordered_json* find(std::string_view name);

  const nlohmann::ordered_json* object_;
  std::set<std::string, std::less<>> read_;
  std::optional<RpcError> mistake_;
};

}  // namespace bibsmith::plugin
