#include "plugin/session/packed.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::uint64_t group_bits = 7;
constexpr std::uint64_t more_follows = 0x80;

}  // namespace

void Packer::add(std::uint64_t number) {
  for (; number >= more_follows; number >>= group_bits) {
    bytes_ += static_cast<char>(number | more_follows);
  }
  bytes_ += static_cast<char>(number);
}

void Packer::add(std::string_view text) {
  add(std::uint64_t{text.size()});
  bytes_ += text;
}

std::optional<std::uint64_t> Unpacker::number() {
  std::uint64_t number = 0;
  for (std::uint64_t shift = 0; shift < 64 && !left_.empty(); shift += group_bits) {
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    number |= std::uint64_t{byte & (more_follows - 1)} << shift;
    if ((byte & more_follows) == 0) return number;
  }
  return broken();
}

std::optional<std::string_view> Unpacker::text() {
  const auto size = number();
  if (!size || *size > left_.size()) return broken();
  const std::string_view text = left_.substr(0, *size);
  left_.remove_prefix(*size);
  return text;
}

}  // namespace bibsmith::plugin
