#include "fetchers/record/edit_distance.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bibsmith {

namespace {

constexpr std::size_t block_bits = 64;

}  // namespace

EditDistance::EditDistance(std::string_view from)
    : size_(std::min(from.size(), text_bytes_max)),
      blocks_((size_ + block_bits - 1) / block_bits),
      equal_(256 * blocks_),
      rows_(blocks_) {
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t byte = static_cast<unsigned char>(from[i]);
    equal_[byte * blocks_ + i / block_bits] |= std::uint64_t{1} << (i % block_bits);
  }
}

std::size_t EditDistance::to(std::string_view text) {
  text = text.substr(0, text_bytes_max);
  if (size_ == 0) return text.size();
  std::ranges::fill(rows_, Rows{~std::uint64_t{0}, 0});
  const std::uint64_t last_row = std::uint64_t{1} << ((size_ - 1) % block_bits);
  constexpr std::uint64_t top_bit = std::uint64_t{1} << (block_bits - 1);
  std::size_t distance = size_;
  for (const char c : text) {
    const std::uint64_t* const equal = &equal_[static_cast<unsigned char>(c) * blocks_];
    int carry = 1;  // row 0 grows with every byte of `text`
    for (std::size_t block = 0; block < blocks_; ++block) {
      Rows& rows = rows_[block];
      std::uint64_t matches = equal[block];
      const std::uint64_t vertical = matches | rows.down;
      if (carry < 0) matches |= 1;
      const std::uint64_t diagonal = (((matches & rows.up) + rows.up) ^ rows.up) | matches;
      std::uint64_t grows = rows.down | ~(diagonal | rows.up);
      std::uint64_t falls = rows.up & diagonal;
      const std::uint64_t out_bit = block + 1 == blocks_ ? last_row : top_bit;
      const int carry_out = (grows & out_bit) != 0 ? 1 : (falls & out_bit) != 0 ? -1 : 0;
      grows = (grows << 1) | (carry > 0 ? 1u : 0u);
      falls = (falls << 1) | (carry < 0 ? 1u : 0u);
      rows.up = falls | ~(vertical | grows);
      rows.down = grows & vertical;
      carry = carry_out;
    }
    distance = carry > 0 ? distance + 1 : carry < 0 ? distance - 1 : distance;
  }
  return distance;
}

std::size_t word_distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > bound) return bound + 1;
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty()) return b.size();
  constexpr std::size_t letters_max = 48;  // longer words are no words
  if (b.size() > letters_max) return bound + 1;
  std::array<std::size_t, letters_max + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    std::size_t least = row[0];
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
      least = std::min(least, row[j + 1]);
    }
    if (least > bound) return bound + 1;
  }
  return std::min(row[b.size()], bound + 1);
}

}  // namespace bibsmith
