#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// From a citation key to the entries that have it, without regard to ASCII case. A table of block numbers:
// about 5 bytes an entry. Knows neither text nor nodes; both are passed again to ask.
class KeyIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  KeyIndex() = default;
  KeyIndex(std::string_view text, const std::vector<StoredBlock>& blocks);

  // The block that has exactly this key; else the first that has it in another case; else `none`.
  std::uint32_t find(std::string_view text, const std::vector<StoredBlock>& blocks,
                     std::string_view key) const;

  // The entries whose key another entry has before them, with that first one: (first, later), in order of
  // `later`.
  const std::vector<std::pair<std::uint32_t, std::uint32_t>>& repeated() const { return repeated_; }

  std::size_t memory_bytes() const;

 private:
  std::vector<std::uint32_t> slots_;  // open addressing; the size is a power of two
  std::vector<std::pair<std::uint32_t, std::uint32_t>> repeated_;
};

}  // namespace bibsmith::bibtex
