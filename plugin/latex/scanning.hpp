#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/latex/source_scan.hpp"

// What the scanners of this folder share.
namespace bibsmith::plugin {

inline bool is_letter(char c) { return bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

inline std::string_view as_far_as_offsets_go(std::string_view text) { return text.substr(0, UINT32_MAX); }

inline bibtex::Span span_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// Enters the words of a list, which stands in `text` from `begin` to `end`, without the white space around
// them.
template <typename Take>
void for_each_in_list(std::string_view text, std::size_t begin, std::size_t end, char separator, Take take) {
  while (begin < end) {
    const std::size_t stop = std::min(text.find(separator, begin), end);
    std::size_t first = begin;
    std::size_t last = stop;
    while (first < last && is_space(text[first])) ++first;
    while (last > first && is_space(text[last - 1])) --last;
    if (first < last) take(first, last);
    begin = stop + 1;
  }
}

// A name that only the program that reads the source could know (macros, arguments) is passed over. `text`:
// the whole source, if the name is a part of it.
inline void add_file(SourceScan& scan, NamedFile::Role role, std::string_view name,
                     std::string_view text = {}) {
  constexpr std::size_t name_bytes_max = 4096;
  while (!name.empty() && is_space(name.front())) name.remove_prefix(1);
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
    name = name.substr(1, name.size() - 2);
  }
  if (name.starts_with("./")) name.remove_prefix(2);
  const bool is_name = !name.empty() && name.size() <= name_bytes_max &&
                       scan.files.size() < named_files_max &&
                       std::none_of(name.begin(), name.end(), [](char c) {
                         return c == '\\' || c == '#' || c == '{' || c == '}' || c == '\n' || c == '\0';
                       });
  if (!is_name) return;
  bibtex::Span place;
  if (!text.empty()) {
    const auto begin = static_cast<std::size_t>(name.data() - text.data());
    place = span_of(begin, begin + name.size());
  }
  scan.files.push_back({role, std::string(name), place});
}

}  // namespace bibsmith::plugin
