#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// From a citation key to the entries that have it, without regard to ASCII case. A table of block numbers:
// 12 bytes an entry or a little more. Knows neither text nor nodes; both are passed again to ask.
class KeyIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  KeyIndex() = default;
  KeyIndex(std::string_view text, const Nodes& nodes);

  // The block that has exactly this key; else the first that has it in another case; else `none`.
  std::uint32_t find(std::string_view text, const Nodes& nodes, std::string_view key) const;

  // The entries whose key another entry has before them, with that first one: (first, later), in order of
  // `later`.
  const std::vector<std::pair<std::uint32_t, std::uint32_t>>& repeated() const { return repeated_; }

  std::size_t memory_bytes() const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t block = none;
  };

  // The slot of that key, or the free one where it would stand.
  std::size_t slot_of(std::string_view text, const Nodes& nodes, std::string_view key,
                      std::uint32_t hash) const;

  LargeVector<Slot> slots_;  // open addressing; the size is a power of two
  std::vector<std::pair<std::uint32_t, std::uint32_t>> repeated_;
};

// Equal for keys that differ in ASCII case only.
std::uint32_t hash_of_key(std::string_view key);

}  // namespace bibsmith::bibtex
