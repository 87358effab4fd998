#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace bibsmith::bibtex {

// What a column counts.
enum class ColumnUnit : std::uint8_t { bytes, code_points, utf16_units };

// A place in a text, both counted from 0.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

// From offsets to lines and columns and back. The only place where UTF-16 exists: the Language Server
// Protocol counts so. A line ends with "\n", "\r\n" or "\r", as that protocol has it; a byte that is no UTF-8
// counts as one character. Knows the line starts only, 4 bytes a line; the text is passed again to ask.
// [const: any thread]
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }

  // An offset past the end is taken for the end; one inside a character for the start of that character.
  Position position(std::string_view text, std::uint32_t offset, ColumnUnit unit) const;

  // A line past the last is taken for the end of the text; a column past the end of its line for that end.
  std::uint32_t offset(std::string_view text, Position position, ColumnUnit unit) const;

  // The line without its line end, which must exist.
  std::string_view line(std::string_view text, std::uint32_t line) const;

 private:
  std::vector<std::uint32_t> starts_;  // of the lines; the first is 0
};

}  // namespace bibsmith::bibtex
