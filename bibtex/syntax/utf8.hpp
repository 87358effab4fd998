#pragma once

#include <cstddef>
#include <string_view>

namespace bibsmith::bibtex {

// The length of the UTF-8 sequence that `text` starts with, or 0 if it starts with none (Unicode 15, table
// 3-7: no overlong form, no surrogate, nothing above U+10FFFF).
inline std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto continues = [byte](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return continues(1) ? 2 : 0;
  if (first < 0xF0) {
    const bool is_overlong = first == 0xE0 && second < 0xA0;
    const bool is_surrogate = first == 0xED && second > 0x9F;
    return continues(1) && continues(2) && !is_overlong && !is_surrogate ? 3 : 0;
  }
  if (first < 0xF5) {
    const bool is_overlong = first == 0xF0 && second < 0x90;
    const bool is_too_high = first == 0xF4 && second > 0x8F;
    return continues(1) && continues(2) && continues(3) && !is_overlong && !is_too_high ? 4 : 0;
  }
  return 0;
}

}  // namespace bibsmith::bibtex
