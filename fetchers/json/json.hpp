#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

using Json = nlohmann::json;

inline constexpr std::size_t json_bytes_max = 16u << 20;
// Answers of Crossref and DataCite have about ten levels.
inline constexpr std::size_t json_depth_max = 64;

// A JSON text as a server sent it: an object, at most json_depth_max deep. Errors: rate_limited for the text
// "Rate exceeded."; bad_response for an empty body, a web page, other text, and what is no JSON. Never
// throws but for memory. [any thread]
tl::expected<Json, FetchError> parse_json(std::string_view body);

// Whether lists and objects of a text nest deeper than that, told without building them. [any thread]
bool is_deeper(std::string_view text, std::size_t depth_max);

// The members and elements below are looked for, never demanded: what is absent, null or of another type
// is empty. The references live as long as `object`.
const Json& member(const Json& object, const char* name);
// Of a list, its first element; of an object, nothing.
const Json& first(const Json& list);
// White space collapsed, control characters dropped. Numbers are written out ("volume": 12).
std::string text(const Json& value);
std::string text(const Json& object, const char* name);

// The elements of a list inside a JSON text, as they stand in it: a cache keeps those bytes. `path` names
// the members that lead from the outer object to the list ("message", "items"); when an object stands
// there it is the only element. Empty when the path leads nowhere. `json` is known to be well formed. [any
// thread]
std::vector<std::string_view> raw_elements(std::string_view json, const std::vector<std::string_view>& path);

}  // namespace bibsmith::fetchers
