#include "bibtex/syntax/line_index.hpp"

#include <algorithm>
#include <cassert>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/utf8.hpp"

namespace bibsmith::bibtex {

namespace {

struct Character {
  std::uint32_t bytes = 1;
  std::uint32_t units = 1;
};

Character first_character(std::string_view text, ColumnUnit unit) {
  if (unit == ColumnUnit::bytes) return {};
  const std::size_t length = utf8_length(text);
  if (length == 0) return {};
  // Four bytes are a character above U+FFFF: a surrogate pair.
  const std::uint32_t units = unit == ColumnUnit::utf16_units && length == 4 ? 2 : 1;
  return {static_cast<std::uint32_t>(length), units};
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : starts_{0} {
  // Each kind of line end is looked for by itself, at the speed of memory; most texts have no "\r".
  std::size_t feed = text.find('\n');
  std::size_t carriage = text.find('\r');
  while (feed != text.npos || carriage != text.npos) {
    std::size_t at = std::min(feed, carriage);
    if (carriage < feed) {
      carriage = text.find('\r', at + 1);
      if (feed == at + 1) ++at;  // "\r\n"
    }
    if (feed == at) feed = text.find('\n', at + 1);
    starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::string_view LineIndex::line(std::string_view text, std::uint32_t line) const {
  assert(line < starts_.size());
  const std::size_t begin = starts_[line];
  std::size_t end = line + 1 < starts_.size() ? starts_[line + 1] : text.size();
  while (end > begin && is_line_end(text[end - 1])) --end;
  return text.substr(begin, end - begin);
}

Position LineIndex::position(std::string_view text, std::uint32_t offset, ColumnUnit unit) const {
  offset = static_cast<std::uint32_t>(std::min<std::size_t>(offset, text.size()));
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  Position position{static_cast<std::uint32_t>(after - starts_.begin() - 1), 0};
  std::string_view rest = line(text, position.line);
  const std::size_t wanted = offset - starts_[position.line];
  for (std::size_t done = 0; !rest.empty();) {
    const Character character = first_character(rest, unit);
    done += character.bytes;
    if (done > wanted) break;
    position.column += character.units;
    rest.remove_prefix(character.bytes);
  }
  return position;
}

std::uint32_t LineIndex::offset(std::string_view text, Position position, ColumnUnit unit) const {
  if (position.line >= starts_.size()) return static_cast<std::uint32_t>(text.size());
  std::string_view rest = line(text, position.line);
  std::uint32_t offset = starts_[position.line];
  std::uint32_t column = 0;
  while (!rest.empty() && column < position.column) {
    const Character character = first_character(rest, unit);
    column += character.units;
    if (column > position.column) break;  // between the halves of a surrogate pair
    offset += character.bytes;
    rest.remove_prefix(character.bytes);
  }
  return offset;
}

}  // namespace bibsmith::bibtex
