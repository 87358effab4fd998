#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bibsmith::plugin {

// Numbers and texts, one behind the other in one blob: a number is written in groups of seven bits, the
// lowest first, with the high bit set in all bytes but the last (LEB128); a text is its size and its bytes.
class Packer {
 public:
  void add(std::uint64_t number);
  void add(std::string_view text);

  const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }  // keeps the memory

 private:
  std::string bytes_;
};

// Reads what a Packer has written. Bytes that no Packer writes give nullopt, here and from then on.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  bool at_end() const { return left_.empty() && !is_broken_; }
  std::optional<std::uint64_t> number();
  std::optional<std::string_view> text();  // a view into the bytes

 private:
  std::nullopt_t broken() {
    is_broken_ = true;
    left_ = {};
    return std::nullopt;
  }

  std::string_view left_;
  bool is_broken_ = false;
};

}  // namespace bibsmith::plugin
