#include "fetchers/record/edit_distance.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/catch.hpp"

namespace bibsmith {
namespace {

TEST_CASE("the edit distance of two texts, of any length") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("abc", "abc") == 0);
  const std::string long_text(150, 'x');
  CHECK(edit_distance(long_text, long_text + "yz") == 2);
  CHECK(edit_distance("a" + long_text + "b", long_text) == 2);
  // Against the textbook, on texts over two letters around the block boundaries.
  std::uint32_t seed = 7;
  const auto random = [&seed](std::uint32_t below) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
  };
  for (int round = 0; round < 200; ++round) {
    std::string a(random(140), 'a');
    std::string b(random(140), 'a');
    for (std::string* text : {&a, &b}) {
      for (char& c : *text) c = static_cast<char>('a' + random(2));
    }
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
        diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
      }
    }
    REQUIRE(edit_distance(a, b) == row[b.size()]);
    const std::string_view x = std::string_view(a).substr(0, 40);
    const std::string_view y = std::string_view(b).substr(0, 40);
    REQUIRE(word_distance(x, y, 6) == std::min<std::size_t>(edit_distance(x, y), 7));
  }
}

TEST_CASE("the distance of two words is counted up to a bound") {
  CHECK(word_distance("kitten", "sitting", 5) == 3);
  CHECK(word_distance("kitten", "sitting", 1) == 2);
  CHECK(word_distance("", "ab", 3) == 2);
  CHECK(word_distance("same", "same", 0) == 0);
  CHECK(word_distance(std::string(100, 'a'), std::string(100, 'b'), 3) == 4);
}

}  // namespace
}  // namespace bibsmith
