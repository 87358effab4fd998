#include "bibtex/syntax/key_index.hpp"

#include <algorithm>
#include <bit>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

std::string_view key_of(std::string_view text, const StoredBlock& block) {
  return text.substr(block.key_begin, block.key_size);
}

// Multiply and rotate over the bytes in lower case, eight at a time would not see the case: keys are short.
std::uint64_t hash_ignoring_case(std::string_view key) {
  std::uint64_t hash = 0x9E37'79B9'7F4A'7C15u ^ key.size();
  for (const char c : key) {
    hash = (hash ^ static_cast<unsigned char>(lower(c))) * 0xFF51'AFD7'ED55'8CCDu;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace

KeyIndex::KeyIndex(std::string_view text, const std::vector<StoredBlock>& blocks) {
  const auto entries = static_cast<std::size_t>(std::count_if(
      blocks.begin(), blocks.end(), [](const StoredBlock& block) { return block.kind == BlockKind::entry; }));
  if (entries == 0) return;
  slots_.assign(std::bit_ceil(entries + entries / 2), none);
  const std::size_t last_slot = slots_.size() - 1;
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].kind != BlockKind::entry || blocks[i].key_size == 0) continue;
    const std::string_view key = key_of(text, blocks[i]);
    std::size_t slot = hash_ignoring_case(key) & last_slot;
    while (slots_[slot] != none && !equal_ignoring_case(key_of(text, blocks[slots_[slot]]), key)) {
      slot = (slot + 1) & last_slot;
    }
    if (slots_[slot] == none) {
      slots_[slot] = i;
    } else {
      repeated_.emplace_back(slots_[slot], i);
    }
  }
}

std::uint32_t KeyIndex::find(std::string_view text, const std::vector<StoredBlock>& blocks,
                             std::string_view key) const {
  if (slots_.empty() || key.empty()) return none;
  const std::size_t last_slot = slots_.size() - 1;
  std::size_t slot = hash_ignoring_case(key) & last_slot;
  while (slots_[slot] != none && !equal_ignoring_case(key_of(text, blocks[slots_[slot]]), key)) {
    slot = (slot + 1) & last_slot;
  }
  const std::uint32_t first = slots_[slot];
  if (first == none || key_of(text, blocks[first]) == key) return first;
  for (const auto& [same, later] : repeated_) {
    if (same == first && key_of(text, blocks[later]) == key) return later;
  }
  return first;
}

std::size_t KeyIndex::memory_bytes() const {
  return slots_.capacity() * sizeof slots_[0] + repeated_.capacity() * sizeof repeated_[0];
}

}  // namespace bibsmith::bibtex
