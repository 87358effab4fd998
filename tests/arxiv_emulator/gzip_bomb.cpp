#include "tests/arxiv_emulator/gzip_bomb.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <string_view>

namespace bibsmith::emulator {
namespace {

constexpr std::string_view document_begin = "<?xml version='1.0'?>\n<feed> ";
constexpr std::string_view document_end = "</feed>\n";

// A deflate block with fixed Huffman codes (RFC 1951, section 3.2.6).
class FixedBlock {
 public:
  explicit FixedBlock(std::string& out) : out_(out) { bits(0b011, 3); }  // last block, fixed codes

  void literal(char c) {
    const auto byte = static_cast<unsigned char>(c);
    assert(byte < 144);  // of the eight-bit codes: ASCII
    code(0b00110000u + byte, 8);
  }

  // Repeats the last byte `count` times.
  void repeat(std::size_t count) {
    for (; count >= 258; count -= 258) {
      code(0b11000101, 8);  // symbol 285: length 258
      code(0, 5);           // distance 1
    }
    for (; count > 0; --count) literal(' ');
  }

  void finish() {
    code(0, 7);  // symbol 256: end of block
    if (used_ != 0) out_ += static_cast<char>(byte_);
  }

 private:
  // Huffman codes go in from the highest bit, everything else from the lowest.
  void code(unsigned value, unsigned length) {
    while (length-- > 0) bits((value >> length) & 1u, 1);
  }
  void bits(unsigned value, unsigned length) {
    for (unsigned i = 0; i < length; ++i) {
      byte_ |= ((value >> i) & 1u) << used_;
      if (++used_ == 8) {
        out_ += static_cast<char>(byte_);
        byte_ = 0;
        used_ = 0;
      }
    }
  }

  std::string& out_;
  unsigned byte_ = 0;
  unsigned used_ = 0;
};

class Crc32 {
 public:
  Crc32() {
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1u) * 0xEDB88320u);
      table_[i] = value;
    }
  }
  void add(char c) { crc_ = (crc_ >> 8) ^ table_[(crc_ ^ static_cast<unsigned char>(c)) & 0xFFu]; }
  std::uint32_t value() const { return ~crc_; }

 private:
  std::array<std::uint32_t, 256> table_{};
  std::uint32_t crc_ = 0xFFFFFFFFu;
};

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xFFu);
}

}  // namespace

std::string gzip_bomb(std::size_t bytes) {
  assert(bytes >= 64);
  const std::size_t spaces = bytes - document_begin.size() - document_end.size();
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  FixedBlock block(out);
  Crc32 crc;
  for (const char c : document_begin) block.literal(c);
  block.repeat(spaces);
  for (const char c : document_end) block.literal(c);
  block.finish();
  for (const char c : document_begin) crc.add(c);
  for (std::size_t i = 0; i < spaces; ++i) crc.add(' ');
  for (const char c : document_end) crc.add(c);
  append_little_endian(out, crc.value());
  append_little_endian(out, static_cast<std::uint32_t>(bytes));
  return out;
}

}  // namespace bibsmith::emulator
