#pragma once

#include <cassert>
#include <compare>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// A half-open byte range of a Document's text. Offsets, not pointers: they survive moving the
// Document, they serialise, and they are half the size of a string_view.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  std::string_view in(std::string_view text) const {
    assert(begin <= end);
    assert(end <= text.size());
    return text.substr(begin, size());
  }

  friend auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace bibsmith::bibtex
