#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// One code point of a text. An invalid byte stands for itself: size 1, valid false, code U+FFFD.
struct DecodedCharacter {
  char32_t code = 0;
  std::uint8_t size = 1;
  bool valid = true;
};

inline constexpr char32_t replacement_character = 0xFFFD;

// Precondition: at < text.size(). Overlong forms, surrogates and cut sequences are invalid. [any thread]
DecodedCharacter decode_utf8(std::string_view text, std::size_t at);

// `code` must be a Unicode scalar value.
void append_utf8(std::string& out, char32_t code);

bool is_ascii(std::string_view text);

// What a byte means in Windows-1252, which files are in that are not in UTF-8; U+FFFD: nothing.
char32_t windows_1252(char byte);

// Invalid bytes are read as Windows-1252, each one.
std::string repair_utf8(std::string_view text);

}  // namespace bibsmith::bibtex
