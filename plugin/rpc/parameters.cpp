#include "plugin/rpc/parameters.hpp"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

const json no_value;
const json no_members = json::object();

// Names of a client stand in our messages: printable, and not long.
std::string in_quotes(std::string_view name) {
  constexpr std::size_t shown_bytes = 60;
  std::string out = "'";
  for (const char c : name.substr(0, shown_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte >= 0x7F ? '?' : c;
  }
  return out + "'";
}

}  // namespace

Parameters::Parameters(const json& object) : object_(object.is_null() ? &no_members : &object) {
  if (!object_->is_object()) {
    mistake_ = RpcError{RpcCode::invalid_params, "the parameters must be an object with names", {}};
    object_ = &no_members;
  }
}

const json* Parameters::find(std::string_view name) {
  read_.emplace(name);
  const auto member = object_->find(name);
  return member == object_->end() || member->is_null() ? nullptr : &*member;
}

void Parameters::refuse(std::string_view name, const std::string& why) {
  if (!mistake_)
    mistake_ = RpcError{RpcCode::invalid_params, "parameter " + in_quotes(name) + ": " + why, {}};
}

std::optional<std::string> Parameters::maybe_text(std::string_view name) {
  const json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_string()) return member->get<std::string>();
  refuse(name, "must be a text");
  return std::nullopt;
}

std::string Parameters::text(std::string_view name) {
  auto value = maybe_text(name);
  if (!value) refuse(name, "is missing");
  return std::move(value).value_or("");
}

std::optional<std::string> Parameters::maybe_word(std::string_view name,
                                                  const std::vector<std::string_view>& words) {
  auto value = maybe_text(name);
  if (!value || std::ranges::find(words, *value) != words.end()) return value;
  std::string known;
  for (const std::string_view word : words) known += (known.empty() ? "" : ", ") + std::string(word);
  refuse(name, "must be one of " + known);
  return std::nullopt;
}

bool Parameters::flag(std::string_view name, bool absent) {
  const json* member = find(name);
  if (member == nullptr) return absent;
  if (member->is_boolean()) return member->get<bool>();
  refuse(name, "must be true or false");
  return absent;
}

std::optional<std::size_t> Parameters::maybe_number(std::string_view name, std::size_t max) {
  const json* member = find(name);
  if (member == nullptr) return std::nullopt;
  if (member->is_number_unsigned() && member->get<std::uint64_t>() <= max) {
    return static_cast<std::size_t>(member->get<std::uint64_t>());
  }
  refuse(name, "must be a whole number from 0 to " + std::to_string(max));
  return std::nullopt;
}

std::vector<std::string> Parameters::texts(std::string_view name) {
  const json* member = find(name);
  if (member == nullptr) return {};
  if (member->is_string()) return {member->get<std::string>()};
  std::vector<std::string> out;
  if (member->is_array()) {
    for (const json& one : *member) {
      if (one.is_string()) out.push_back(one.get<std::string>());
    }
    if (out.size() == member->size()) return out;
  }
  refuse(name, "must be a text or a list of texts");
  return {};
}

const json& Parameters::value(std::string_view name) {
  const json* member = find(name);
  return member == nullptr ? no_value : *member;
}

std::optional<RpcError> Parameters::mistake() {
  for (const auto& [name, value] : object_->items()) {
    if (!read_.contains(name)) refuse(name, "this method has none of that name");
  }
  return mistake_;
}

}  // namespace bibsmith::plugin
