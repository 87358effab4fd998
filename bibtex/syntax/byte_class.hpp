#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

// What a byte can be in a .bib file. Bytes of no class (letters, digits, most punctuation, all bytes from
// 0x80 up) can stand in a name. The sets are BibTeX's own: `illegal_id_char` and `lex_class` of bibtex.web,
// sections 32 and 33; form feed and vertical tab are not white space there.
//
// Each class is a product of a set of low nibbles and a set of high nibbles, so that a vector unit
// classifies by two table look-ups and one AND.
namespace byte_class {

inline constexpr std::uint8_t special = 1 << 0;  // " # % ' ( ) ,
inline constexpr std::uint8_t brace = 1 << 1;    // { }
inline constexpr std::uint8_t equals = 1 << 2;   // =
inline constexpr std::uint8_t line = 1 << 3;     // tab, line feed, carriage return
inline constexpr std::uint8_t blank = 1 << 4;    // the space
inline constexpr std::uint8_t at = 1 << 5;       // @
inline constexpr std::uint8_t quote = 1 << 6;    // "
inline constexpr std::uint8_t odd = 1 << 7;      // NUL, VT, FF, DLE, ESC, FS: worth a second look

inline constexpr std::uint8_t white_space = line | blank;
inline constexpr std::uint8_t not_in_name = special | brace | equals | white_space | odd;

}  // namespace byte_class

struct NibbleTables {
  std::array<std::uint8_t, 16> low{};
  std::array<std::uint8_t, 16> high{};
};

constexpr NibbleTables make_nibble_tables() {
  NibbleTables tables;
  const auto add = [&tables](std::uint8_t bit, std::initializer_list<int> high,
                             std::initializer_list<int> low) {
    for (const int nibble : high) tables.high[static_cast<std::size_t>(nibble)] |= bit;
    for (const int nibble : low) tables.low[static_cast<std::size_t>(nibble)] |= bit;
  };
  add(byte_class::special, {0x2}, {0x2, 0x3, 0x5, 0x7, 0x8, 0x9, 0xC});
  add(byte_class::brace, {0x7}, {0xB, 0xD});
  add(byte_class::equals, {0x3}, {0xD});
  add(byte_class::line, {0x0}, {0x9, 0xA, 0xD});
  add(byte_class::blank, {0x2}, {0x0});
  add(byte_class::at, {0x4}, {0x0});
  add(byte_class::quote, {0x2}, {0x2});
  add(byte_class::odd, {0x0, 0x1}, {0x0, 0xB, 0xC});
  return tables;
}

inline constexpr NibbleTables nibble_tables = make_nibble_tables();

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < classes.size(); ++byte) {
    classes[byte] = nibble_tables.low[byte & 15] & nibble_tables.high[byte >> 4];
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> byte_classes = make_byte_classes();

constexpr std::uint8_t class_of(char c) { return byte_classes[static_cast<unsigned char>(c)]; }
constexpr bool is_white_space(char c) { return (class_of(c) & byte_class::white_space) != 0; }
constexpr bool can_be_in_name(char c) { return (class_of(c) & byte_class::not_in_name) == 0; }
constexpr bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Without white space at its ends.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace bibsmith::bibtex
