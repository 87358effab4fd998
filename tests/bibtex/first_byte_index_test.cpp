#include "bibtex/syntax/first_byte_index.hpp"

#include <string_view>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("An index by the first byte gives the rows of each byte in their order") {
  static constexpr auto words =
      std::to_array<std::string_view>({"the", "of", "to", "\xD1\x81", "on", "that"});
  static constexpr auto index = index_words(words);
  const auto rows = [](char byte) {
    const auto found = index.rows(byte);
    return std::vector<int>(found.begin(), found.end());
  };
  CHECK(rows('t') == std::vector{0, 2, 5});
  CHECK(rows('o') == std::vector{1, 4});
  CHECK(rows('\xD1') == std::vector{3});
  CHECK(rows('a').empty());
  CHECK(rows('\xFF').empty());
}

TEST_CASE("A set of bytes is found in a text from a place on") {
  CHECK(digit_bytes.find_in("ab12") == 2);
  CHECK(digit_bytes.find_in("1b12", 1) == 2);
  CHECK(digit_bytes.find_in("1b", 1) == std::string_view::npos);
  CHECK(digit_bytes.find_in("", 5) == std::string_view::npos);
}

}  // namespace
}  // namespace bibsmith::bibtex
