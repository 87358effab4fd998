#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bibsmith {

// The number of bytes to insert, delete or replace that make one text another (Levenshtein), of one text to
// many: columns of 64 rows at once, after Myers (J. ACM 46, 1999) and Hyyro (2003). [one thread at a time]
class EditDistance {
 public:
  // What is behind text_bytes_max of either text is not compared.
  static constexpr std::size_t text_bytes_max = 4096;

  explicit EditDistance(std::string_view from);

  std::size_t to(std::string_view text);

 private:
  struct Rows {
    std::uint64_t up = 0;    // the distance grows by one from the row above
    std::uint64_t down = 0;  // … or falls
  };

  std::size_t size_;
  std::size_t blocks_;
  std::vector<std::uint64_t> equal_;  // for each byte and block, the rows that hold that byte
  std::vector<Rows> rows_;
};

inline std::size_t edit_distance(std::string_view a, std::string_view b) { return EditDistance(a).to(b); }

// The same of two words, or `bound` + 1 where it is greater than `bound`, without an allocation. What differs
// in more than 48 bytes is no word, and far apart. [any thread]
std::size_t word_distance(std::string_view a, std::string_view b, std::size_t bound);

}  // namespace bibsmith
