#include "plugin/session/fingerprint.hpp"

#include <charconv>
#include <cstddef>

namespace bibsmith::plugin {

// FNV-1a over words of eight bytes, little-endian, so that a text of 100 MB takes no time that is noticed.
// FNV mixes upward only: the shift brings the high bits down.
Fingerprint fingerprint_of(std::string_view text) {
  constexpr std::uint64_t prime = 1099511628211ull;
  constexpr std::size_t word_bytes = 8;
  std::uint64_t hash = 14695981039346656037ull;
  for (std::size_t at = 0; at < text.size(); at += word_bytes) {
    std::uint64_t word = 0;
    const std::string_view bytes = text.substr(at, word_bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    hash = (hash ^ word) * prime;
    hash ^= hash >> 32;
  }
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
