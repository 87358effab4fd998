#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::fetchers {

// JSON read by its brackets and quotes alone, without building anything: for what has to be fast. [any
// thread]

// Behind the string that begins at `pos`; text.size() if it does not end. Precondition: text[pos] == '"'.
std::size_t end_of_string(std::string_view text, std::size_t pos);
// Behind the value that begins at `pos`. That it is well formed is not looked at: brackets are counted.
std::size_t end_of_value(std::string_view text, std::size_t pos);
std::size_t skip_space(std::string_view text, std::size_t pos);

// A member of an object as it stands in the text.
struct RawMember {
  std::string_view name;  // without quotes; escapes in it stay
  std::string_view value;
};

// The members of the object that `text` is; nullopt: it is none, or something stands between or behind them
// that may not. What the values are is not looked at.
std::optional<std::vector<RawMember>> raw_members(std::string_view text);

// The elements of the list that begins `text`, as far as it goes; none: it is no list.
std::vector<std::string_view> raw_items(std::string_view text);

// What a string says (RFC 8259, section 7); nullopt: the value is no string, or has an escape that there is
// not. Escapes of half a surrogate become U+FFFD.
std::optional<std::string> raw_string(std::string_view value);

}  // namespace bibsmith::fetchers
