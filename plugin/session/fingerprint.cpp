#include "plugin/session/fingerprint.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace bibsmith::plugin {

namespace {

constexpr std::uint64_t prime = 1099511628211ull;
constexpr std::uint64_t offset_basis = 14695981039346656037ull;

// FNV mixes upward only: the shift brings the high bits down.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * prime;
  return hash ^ (hash >> 32);
}

// Eight bytes, or what is left of them, little-endian.
std::uint64_t word_at(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  const std::size_t size = std::min<std::size_t>(text.size() - at, sizeof word);
  if (std::endian::native == std::endian::little && size == sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    return word;
  }
  for (std::size_t i = 0; i < size; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  }
  return word;
}

}  // namespace

// FNV-1a over words in four lanes that do not wait for each other, so that 100 MB take a moment.
FingerprintMaker::FingerprintMaker() : lanes_{} {
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i] = offset_basis + i;
}

void FingerprintMaker::mix_blocks(std::string_view blocks) {
  std::array<std::uint64_t, 4> lanes = lanes_;
  for (std::size_t at = 0; at < blocks.size(); at += block_bytes) {
    for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = mix(lanes[i], word_at(blocks, at + 8 * i));
  }
  lanes_ = lanes;
}

void FingerprintMaker::add(std::string_view piece) {
  const std::size_t used = size_ % block_bytes;
  size_ += piece.size();
  if (used != 0) {
    const std::size_t missing = std::min(block_bytes - used, piece.size());
    std::copy_n(piece.begin(), missing, rest_.begin() + static_cast<std::ptrdiff_t>(used));
    piece.remove_prefix(missing);
    if (used + missing < block_bytes) return;
    mix_blocks({rest_.data(), rest_.size()});
  }
  const std::size_t whole = piece.size() / block_bytes * block_bytes;
  mix_blocks(piece.substr(0, whole));
  std::copy(piece.begin() + static_cast<std::ptrdiff_t>(whole), piece.end(), rest_.begin());
}

Fingerprint FingerprintMaker::finish() const {
  std::uint64_t hash = offset_basis;
  for (const std::uint64_t lane : lanes_) hash = mix(hash, lane);
  const std::string_view rest(rest_.data(), size_ % block_bytes);
  for (std::size_t at = 0; at < rest.size(); at += 8) hash = mix(hash, word_at(rest, at));
  return {size_, hash};
}

Fingerprint fingerprint_of(std::string_view text) {
  FingerprintMaker maker;
  maker.add(text);
  return maker.finish();
}

std::string hex_of(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[(number >> shift) & 15];
  return out;
}

std::uint64_t number_of_hex(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return error == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

}  // namespace bibsmith::plugin
