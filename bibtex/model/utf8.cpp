#include "bibtex/model/utf8.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "bibtex/syntax/utf8.hpp"

namespace bibsmith::bibtex {

DecodedCharacter decode_utf8(std::string_view text, std::size_t at) {
  assert(at < text.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = utf8_length(text.substr(at));
  if (size == 0) return {replacement_character, 1, false};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code = (code << 6U) | (byte(i) & 0x3FU);
  return {code, static_cast<std::uint8_t>(size), true};
}

void append_utf8(std::string& out, char32_t code) {
  assert(code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF));
  const auto continuation = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    continuation(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

bool is_ascii(std::string_view text) {
  // Eight bytes at once; the last eight overlap those before.
  constexpr std::size_t word_bytes = 8;
  const auto word = [&](std::size_t at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, word_bytes);
    return bytes;
  };
  if (text.size() < word_bytes) {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
  }
  std::uint64_t all = word(text.size() - word_bytes);
  for (std::size_t at = 0; at + word_bytes <= text.size(); at += word_bytes) all |= word(at);
  return (all & 0x8080808080808080U) == 0;
}

char32_t windows_1252(char byte) {
  // The WHATWG Encoding Standard, index windows-1252, without the five that are control characters there.
  constexpr char16_t from_80[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  const auto code = static_cast<unsigned char>(byte);
  return code >= 0x80 && code < 0xA0 ? from_80[code - 0x80] : code;
}

std::string repair_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    append_utf8(out, character.valid ? character.code : windows_1252(text[at]));
    at += character.size;
  }
  return out;
}

}  // namespace bibsmith::bibtex
