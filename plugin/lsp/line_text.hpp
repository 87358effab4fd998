#pragma once

#include <cstdint>

#include "bibtex/syntax/line_index.hpp"
#include "bibtex/syntax/span.hpp"

namespace bibsmith::plugin {

// A text that turns offsets into lines and columns and back.
class LineText {
 public:
  virtual ~LineText() = default;
  virtual bibtex::Position position(std::uint32_t offset, bibtex::ColumnUnit unit) const = 0;
  // A place behind the end of a line or of the text is taken for that end.
  virtual std::uint32_t offset(bibtex::Position position, bibtex::ColumnUnit unit) const = 0;
};

}  // namespace bibsmith::plugin
