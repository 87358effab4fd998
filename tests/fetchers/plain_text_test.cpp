#include "fetchers/record/plain_text.hpp"

#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using bibsmith::plain_text;

TEST_CASE("plain_text leaves plain text alone") {
  for (const char* text : {"", "a", "Attention Is All You Need", "na\xC3\xAFve \xCF\x89 \xF0\x9D\x94\xB8"}) {
    CHECK(plain_text(text) == text);
  }
  const std::string lengthy = "A line of more than thirty-two bytes, and then some more of it; 0123456789 ~!";
  for (std::size_t size = 0; size <= lengthy.size(); ++size) {
    const std::string text = lengthy.substr(0, size);
    CHECK(plain_text(text) == (text.ends_with(' ') ? text.substr(0, size - 1) : text));
  }
}

TEST_CASE("plain_text collapses white space wherever it stands") {
  CHECK(plain_text("  In  a\n  hard-wrapped\r\n\ttitle \n") == "In a hard-wrapped title");
  CHECK(plain_text(" \n ") == "");
  CHECK(plain_text("a\xC2\x85"
                   "b\xE2\x80\xA8"
                   "c\xE2\x80\xA9 d") == "a b c d");
  CHECK(plain_text("a\xC2\xA0"
                   "b") ==
        "a\xC2\xA0"
        "b");  // no-break is meant
  for (std::size_t at = 0; at < 70; ++at) {
    const std::string front(at, 'x');
    CHECK(plain_text(front + "  y") == (at == 0 ? "y" : front + " y"));
    CHECK(plain_text(front + "\n") == front);
  }
}

TEST_CASE("plain_text drops control characters") {
  CHECK(plain_text(std::string("a\0b", 3)) == "ab");
  CHECK(plain_text("a\x01\x7F\xC2\x80\xC2\x9F"
                   "b \x1B") == "ab");
}

TEST_CASE("plain_text repairs UTF-8") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(plain_text("a\xFF"
                   "b") == "a" + bad + "b");
  CHECK(plain_text("\xC3") == bad);
  CHECK(plain_text("\xC0\xAF") == bad + bad);                      // overlong
  CHECK(plain_text("\xED\xA0\x80") == bad + bad + bad);            // a surrogate
  CHECK(plain_text("\xF4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
  CHECK(plain_text("\xE2\x82x") == bad + "x");                     // a maximal part is one
  CHECK(plain_text("\xF0\x9F\x98") == bad);
}

// The same rule, one byte or character after the other, for text that is valid UTF-8.
TEST_CASE("plain_text agrees with a reading character by character") {
  std::minstd_rand random(20261126);  // the same texts in each run
  const std::vector<std::string> parts = {"a",  "Z",    "~",    " ",    " ",        "\n",
                                          "\t", "\r\n", "\x01", "\x7F", "\xC3\xA9", "\xF0\x9D\x94\xB8"};
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    std::string expected;
    const auto plain_run = random() % 40;
    for (std::size_t i = 0, count = random() % 60; i < count; ++i) {
      const std::string& part = i < plain_run ? parts[random() % 3] : parts[random() % parts.size()];
      text += part;
      if (part[0] == ' ' || part == "\n" || part == "\t" || part == "\r\n") {
        if (!expected.empty() && expected.back() != ' ') expected += ' ';
      } else if (part != "\x01" && part != "\x7F") {
        expected += part;
      }
    }
    if (expected.ends_with(' ')) expected.pop_back();
    REQUIRE(plain_text(text) == expected);
  }
}
