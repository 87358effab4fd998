#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/scanner.hpp"

namespace bibsmith::bibtex {

// Finds lines that look like the start of a field: where a value that lacks its closing delimiter must have
// ended. Such a line has nothing before the name but blanks, or a comma between blanks; a name that begins
// with a letter or '_'; an equals sign behind it on that line; and then a delimiter, or a token that the line
// ends, or one of , # } ).
class FieldLines {
 public:
  FieldLines(std::string_view text, Scanner& scanner)
      : text_(text), size_(static_cast<std::uint32_t>(text.size())), scanner_(scanner) {}

  // Where the name of the first one begins whose name and equals sign lie in [from, end); else `end`.
  std::uint32_t first_in(std::uint32_t from, std::uint32_t end) {
    for (std::uint32_t at = from; (at = scanner_.next_equals(at, end)) < end; ++at) {
      const std::optional<std::uint32_t> name = name_before(at);
      if (name && *name >= from && is_start_of_value(at + 1)) return *name;
    }
    return end;
  }

  // Whether what begins at `at` is the value of a field that begins its line behind `after`.
  bool is_value_of_line(std::uint32_t after, std::uint32_t at) const {
    while (at > after && is_white_space(text_[at - 1])) --at;
    if (at <= after || text_[at - 1] != '=') return false;
    const std::optional<std::uint32_t> name = name_before(at - 1);
    return name && *name > after;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t'; }
  static bool can_begin_name(char c) { return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

  // Where the name begins that the '=' at `equals` follows, if it is the first on its line.
  std::optional<std::uint32_t> name_before(std::uint32_t equals) const {
    std::uint32_t at = equals;
    while (at > 0 && is_blank(text_[at - 1])) --at;
    const std::uint32_t end = at;
    while (at > 0 && can_be_in_name(text_[at - 1]) && text_[at - 1] != '@') --at;
    const std::uint32_t begin = at;
    if (begin == end || end - begin > name_bytes_max || !can_begin_name(text_[begin])) return std::nullopt;
    while (at > 0 && is_blank(text_[at - 1])) --at;
    if (at > 0 && text_[at - 1] == ',') --at;
    if (!is_first_on_line(text_, at)) return std::nullopt;
    return begin;
  }

  bool is_start_of_value(std::uint32_t at) {
    at = scanner_.end_of_white_space(at);
    if (at >= size_) return false;
    if (text_[at] == '{' || text_[at] == '"') return true;
    const std::uint32_t end = scanner_.end_of_name(at);
    if (end == at) return false;
    std::uint32_t next = end;
    while (next < size_ && is_blank(text_[next])) ++next;
    scanner_.touch(next);
    constexpr std::string_view behind_values = ",#})\r\n";
    return next >= size_ || behind_values.find(text_[next]) != behind_values.npos;
  }

  std::string_view text_;
  std::uint32_t size_;
  Scanner& scanner_;
};

}  // namespace bibsmith::bibtex
