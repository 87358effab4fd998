#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::plugin {

// A name for a text that any process makes the same way. Tells two states of one file apart; it is no
// defence against somebody who wants two texts with one name.
struct Fingerprint {
  std::uint64_t size = 0;
  std::uint64_t hash = 0;

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

Fingerprint fingerprint_of(std::string_view text);

// The same of a text that comes in pieces.
class FingerprintMaker {
 public:
  FingerprintMaker();
  void add(std::string_view piece);
  Fingerprint finish() const;

 private:
  static constexpr std::size_t block_bytes = 32;
  void mix_blocks(std::string_view blocks);

  std::array<std::uint64_t, 4> lanes_;
  std::uint64_t size_ = 0;
  std::array<char, block_bytes> rest_{};  // of the text so far, behind its last whole block
};

// A number as sixteen hexadecimal digits, and back; what is none reads as 0.
std::string hex_of(std::uint64_t number);
std::uint64_t number_of_hex(std::string_view digits);

}  // namespace bibsmith::plugin
