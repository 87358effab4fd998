#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bibsmith::bibtex {

// The rows of a fixed list by the first byte of their words: a text is compared with the few that share its
// first byte. Rows keep their order. [any thread]
template <std::size_t Size>
class FirstByteIndex {
 public:
  // `word_of(row)` is a text that is not empty.
  template <typename Row, typename WordOf>
  constexpr FirstByteIndex(const std::array<Row, Size>& rows, WordOf word_of) {
    for (const Row& row : rows) ++begin_[byte_of(word_of(row)) + 1];
    for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
    std::array<std::uint16_t, 257> next = begin_;
    for (std::size_t i = 0; i < Size; ++i)
      order_[next[byte_of(word_of(rows[i]))]++] = static_cast<std::uint16_t>(i);
  }

  // Numbers of the rows whose words begin with `byte`.
  constexpr std::span<const std::uint16_t> rows(char byte) const {
    const auto at = static_cast<unsigned char>(byte);
    return {order_.data() + begin_[at], order_.data() + begin_[at + 1U]};
  }

 private:
  static constexpr std::size_t byte_of(auto word) { return static_cast<unsigned char>(word.front()); }

  std::array<std::uint16_t, 257> begin_{};
  std::array<std::uint16_t, Size> order_{};
};

// The same of a list of words.
template <typename Word, std::size_t Size>
constexpr FirstByteIndex<Size> index_words(const std::array<Word, Size>& words) {
  return {words, [](const Word& word) { return word; }};
}

}  // namespace bibsmith::bibtex
