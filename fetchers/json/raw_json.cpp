#include "fetchers/json/raw_json.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "fetchers/record/append_utf8.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::fetchers {

namespace {

// The four hexadecimal digits of "\\u00e9" behind the letter.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t pos) {
  constexpr std::size_t digits = 4;
  if (pos + digits > text.size()) return std::nullopt;
  std::uint32_t unit = 0;
  const char* const begin = text.data() + pos;
  const auto [end, error] = std::from_chars(begin, begin + digits, unit, 16);
  if (error != std::errc{} || end != begin + digits) return std::nullopt;
  return unit;
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Appends what the escape at text[pos] (behind the backslash) says; the offset behind it, or npos.
std::size_t append_escaped(std::string& out, std::string_view text, std::size_t pos) {
  constexpr std::string_view names = "\"\\/bfnrt";
  constexpr std::string_view values = "\"\\/\b\f\n\r\t";
  constexpr std::uint32_t replacement = 0xFFFD;
  if (pos >= text.size()) return text.npos;
  if (text[pos] != 'u') {
    const std::size_t at = names.find(text[pos]);
    if (at == names.npos) return text.npos;
    out += values[at];
    return pos + 1;
  }
  const auto unit = unit_at(text, pos + 1);
  if (!unit) return text.npos;
  pos += 5;
  if (!is_high(*unit)) {
    append_utf8(out, is_low(*unit) ? replacement : *unit);
    return pos;
  }
  const auto low = text.substr(pos).starts_with("\\u") ? unit_at(text, pos + 2) : std::nullopt;
  if (!low || !is_low(*low)) {
    append_utf8(out, replacement);
    return pos;
  }
  append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
  return pos + 6;
}

}  // namespace

std::size_t end_of_string(std::string_view text, std::size_t pos) {
  for (++pos; pos < text.size(); ++pos) {
    if (text[pos] == '"') return pos + 1;
    if (text[pos] == '\\') ++pos;  // and the character behind it
  }
  return text.size();
}

std::size_t skip_space(std::string_view text, std::size_t pos) {
  while (pos < text.size() && is_space(text[pos])) ++pos;
  return pos;
}

std::size_t end_of_value(std::string_view text, std::size_t pos) {
  std::size_t depth = 0;
  while (pos < text.size()) {
    const char c = text[pos];
    if (c == '"') {
      pos = end_of_string(text, pos);
      if (depth == 0) return pos;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']' || is_space(c))) return pos;  // behind a number
    ++pos;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return pos;
  }
  return pos;
}

std::optional<std::vector<RawMember>> raw_members(std::string_view text) {
  const auto at = [text](std::size_t pos) { return pos < text.size() ? text[pos] : '\0'; };
  std::vector<RawMember> members;
  std::size_t pos = skip_space(text, 0);
  if (at(pos) != '{') return std::nullopt;
  pos = skip_space(text, pos + 1);
  if (at(pos) == '}') return skip_space(text, pos + 1) == text.size() ? std::optional(members) : std::nullopt;
  for (;;) {
    if (at(pos) != '"') return std::nullopt;
    const std::size_t name_end = end_of_string(text, pos);
    const std::string_view name = text.substr(pos + 1, name_end - pos - 1);
    if (!name.ends_with('"')) return std::nullopt;
    pos = skip_space(text, name_end);
    if (at(pos) != ':') return std::nullopt;
    pos = skip_space(text, pos + 1);
    const std::size_t end = end_of_value(text, pos);
    if (end == pos) return std::nullopt;
    members.push_back({name.substr(0, name.size() - 1), text.substr(pos, end - pos)});
    pos = skip_space(text, end);
    if (at(pos) == '}')
      return skip_space(text, pos + 1) == text.size() ? std::optional(members) : std::nullopt;
    if (at(pos) != ',') return std::nullopt;
    pos = skip_space(text, pos + 1);
  }
}

std::vector<std::string_view> raw_items(std::string_view text) {
  std::vector<std::string_view> items;
  if (!text.starts_with('[')) return items;
  for (std::size_t pos = skip_space(text, 1); pos < text.size() && text[pos] != ']';) {
    const std::size_t end = end_of_value(text, pos);
    if (end == pos) break;
    items.push_back(text.substr(pos, end - pos));
    pos = skip_space(text, end);
    if (pos < text.size() && text[pos] == ',') pos = skip_space(text, pos + 1);
  }
  return items;
}

std::optional<std::string> raw_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  value = value.substr(1, value.size() - 2);
  std::string out;
  out.reserve(value.size());
  for (std::size_t pos = 0; pos < value.size();) {
    const std::size_t escape = std::min(value.find('\\', pos), value.size());
    out += value.substr(pos, escape - pos);
    if (escape == value.size()) break;
    pos = append_escaped(out, value, escape + 1);
    if (pos == value.npos) return std::nullopt;
  }
  return out;
}

}  // namespace bibsmith::fetchers
