#include "fetchers/json/json.hpp"

#include <utility>

#include "fetchers/json/raw_json.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

std::string_view trimmed_front(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

}  // namespace

bool is_deeper(std::string_view text, std::size_t depth_max) {
  std::size_t depth = 0;
  for (std::size_t pos = 0; pos < text.size();) {
    const char c = text[pos];
    if (c == '"') {
      pos = end_of_string(text, pos);
      continue;
    }
    if (c == '{' || c == '[') {
      if (++depth > depth_max) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
    ++pos;
  }
  return false;
}

namespace {

// The value of a member of the object `text`; empty: there is none. As for the parser, of two members with
// one name the last counts.
std::string_view raw_member(std::string_view text, std::string_view name) {
  std::string_view value;
  for (const RawMember& member : raw_members(text).value_or(std::vector<RawMember>{})) {
    if (member.name == name) value = member.value;
  }
  return value;
}

const Json& nothing() {
  static const Json null;
  return null;
}

}  // namespace

tl::expected<Json, FetchError> parse_json(std::string_view body) {
  if (body.size() > json_bytes_max) {
    return tl::unexpected(
        bad_response("the answer is longer than " + std::to_string(json_bytes_max) + " bytes"));
  }
  const std::string_view start = trimmed_front(body);
  if (start.empty()) return tl::unexpected(bad_response("the answer is empty"));
  if (start.starts_with("Rate exceeded")) {
    return tl::unexpected(FetchError{.code = FetchError::Code::rate_limited,
                                     .message = "the answer is 'Rate exceeded.'; try again later"});
  }
  if (start.front() == '<') return tl::unexpected(bad_response("the answer is a web page, not JSON"));
  if (start.front() != '{') {
    return tl::unexpected(
        bad_response("the answer is no JSON object, it begins '" + plain_text(start.substr(0, 60)) + "'"));
  }
  if (is_deeper(body, json_depth_max)) {
    return tl::unexpected(
        bad_response("the answer is nested deeper than " + std::to_string(json_depth_max) + " levels"));
  }
  Json json = Json::parse(body.begin(), body.end(), nullptr, false);
  if (!json.is_object()) return tl::unexpected(bad_response("the answer is not well-formed JSON"));
  return json;
}

const Json& member(const Json& object, const char* name) {
  if (!object.is_object()) return nothing();
  const auto found = object.find(name);
  return found == object.end() ? nothing() : *found;
}

const Json& first(const Json& list) { return list.is_array() && !list.empty() ? list.front() : nothing(); }

std::string text(const Json& value) {
  if (value.is_string()) return plain_text(value.get_ref<const std::string&>());
  if (value.is_number()) return value.dump();
  return {};
}

std::string text(const Json& object, const char* name) { return text(member(object, name)); }

std::vector<std::string_view> raw_elements(std::string_view json, const std::vector<std::string_view>& path) {
  for (const std::string_view name : path) json = raw_member(json, name);
  if (json.empty()) return {};
  if (json.front() == '{') return {json};
  return raw_items(json);
}

}  // namespace bibsmith::fetchers
