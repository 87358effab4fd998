#include "fetchers/record/edit_distance.hpp"

#include <algorithm>

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

}  // namespace bibsmith
