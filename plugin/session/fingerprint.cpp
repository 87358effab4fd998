#include "plugin/session/fingerprint.hpp"

#include <algorithm>
#include <array>
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
Fingerprint fingerprint_of(std::string_view text) {
  std::array<std::uint64_t, 4> lanes{};
  for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = offset_basis + i;
  std::size_t at = 0;
  for (; at + 32 <= text.size(); at += 32) {
    for (std::size_t i = 0; i < lanes.size(); ++i) lanes[i] = mix(lanes[i], word_at(text, at + 8 * i));
  }
  std::uint64_t hash = offset_basis;
  for (const std::uint64_t lane : lanes) hash = mix(hash, lane);
  for (; at < text.size(); at += 8) hash = mix(hash, word_at(text, at));
  return {text.size(), hash};
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
