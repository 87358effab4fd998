#include <string>

#include "bibtex/syntax/line_index.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

TEST_CASE("columns count bytes, code points or UTF-16 units") {
  // a, e with acute (2 bytes), a character above U+FFFF (4 bytes, 2 units), b
  const std::string text =
      "x\na\xC3\xA9\xF0\x9D\x94\xB8"
      "b\n";
  const LineIndex index(text);
  const std::uint32_t b = static_cast<std::uint32_t>(text.find('b'));
  CHECK(index.position(text, b, ColumnUnit::bytes) == Position{1, 7});
  CHECK(index.position(text, b, ColumnUnit::code_points) == Position{1, 3});
  CHECK(index.position(text, b, ColumnUnit::utf16_units) == Position{1, 4});
  CHECK(index.offset(text, {1, 7}, ColumnUnit::bytes) == b);
  CHECK(index.offset(text, {1, 3}, ColumnUnit::code_points) == b);
  CHECK(index.offset(text, {1, 4}, ColumnUnit::utf16_units) == b);
  CHECK(index.offset(text, {1, 3}, ColumnUnit::utf16_units) == b - 4);
}

TEST_CASE("all three line ends end a line") {
  const std::string text = "a\r\nb\rc\n\nd";
  const LineIndex index(text);
  REQUIRE(index.line_count() == 5);
  CHECK(index.line(text, 0) == "a");
  CHECK(index.line(text, 1) == "b");
  CHECK(index.line(text, 2) == "c");
  CHECK(index.line(text, 3) == "");
  CHECK(index.line(text, 4) == "d");
  CHECK(index.position(text, 5, ColumnUnit::bytes) == Position{2, 0});
}

TEST_CASE("what lies outside is taken for the nearest end") {
  const std::string text = "ab\ncd";
  const LineIndex index(text);
  CHECK(index.position(text, 99, ColumnUnit::utf16_units) == Position{1, 2});
  CHECK(index.offset(text, {0, 99}, ColumnUnit::utf16_units) == 2);
  CHECK(index.offset(text, {9, 0}, ColumnUnit::utf16_units) == 5);
  CHECK(LineIndex("").position("", 0, ColumnUnit::bytes) == Position{0, 0});
}

TEST_CASE("a byte that is no UTF-8 is one character") {
  const std::string text = "\xE9\xFF\x80z";
  const LineIndex index(text);
  CHECK(index.position(text, 3, ColumnUnit::utf16_units) == Position{0, 3});
  CHECK(index.offset(text, {0, 3}, ColumnUnit::code_points) == 3);
}
