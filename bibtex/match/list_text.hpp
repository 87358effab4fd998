#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::bibtex {

// A line that is not empty, trimmed, valid UTF-8 without control characters.
struct TextLine {
  std::string text;
  std::size_t number = 0;  // from 1
};

std::vector<TextLine> lines_of(std::string_view text);

// Whether the text is a page: it has a tag that pages have.
bool is_html(std::string_view text);

// The text of a page: each block, cell, item and heading on lines of its own, scripts, styles and comments
// left out, entities resolved. [any thread]
std::string text_of_html(std::string_view html);

}  // namespace bibsmith::bibtex
