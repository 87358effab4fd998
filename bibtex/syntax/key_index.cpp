#include "bibtex/syntax/key_index.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

std::string_view key_of(std::string_view text, const StoredBlock& block) {
  return text.substr(block.key_begin, block.key_size);
}

}  // namespace

// Eight bytes at a time. Setting the bit that tells 'a' from 'A' in every byte makes a few other characters
// the same as well, which costs a comparison at worst.
std::uint32_t hash_of_key(std::string_view key) {
  constexpr std::uint64_t case_bits = 0x2020'2020'2020'2020u;
  constexpr std::uint64_t odd_factor = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t hash = key.size() * odd_factor;
  for (std::size_t at = 0; at < key.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, key.data() + at, std::min<std::size_t>(8, key.size() - at));
    hash = (std::rotl(hash, 29) ^ (bytes | case_bits)) * odd_factor;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>((hash * odd_factor) >> 32);
}

KeyIndex::KeyIndex(std::string_view text, const Nodes& nodes) {
  if (nodes.key_hashes.empty()) return;
  // At least one slot stays empty: there a search for a key that is not here ends.
  slots_.resize(std::bit_ceil(nodes.key_hashes.size() + nodes.key_hashes.size() / 2 + 1));
  auto hash = nodes.key_hashes.begin();
  for (std::uint32_t i = 0; i < nodes.blocks.size(); ++i) {
    if (nodes.blocks[i].kind != BlockKind::entry || nodes.blocks[i].key_size == 0) continue;
    Slot& slot = slots_[slot_of(text, nodes, key_of(text, nodes.blocks[i]), *hash)];
    if (slot.block == none) {
      slot = Slot{*hash, i};
    } else {
      repeated_.emplace_back(slot.block, i);
    }
    ++hash;
  }
  assert(hash == nodes.key_hashes.end());
}

std::size_t KeyIndex::slot_of(std::string_view text, const Nodes& nodes, std::string_view key,
                              std::uint32_t hash) const {
  const std::size_t last_slot = slots_.size() - 1;
  std::size_t at = hash & last_slot;
  while (
      slots_[at].block != none &&
      (slots_[at].hash != hash || !equal_ignoring_case(key_of(text, nodes.blocks[slots_[at].block]), key))) {
    at = (at + 1) & last_slot;
  }
  return at;
}

std::uint32_t KeyIndex::find(std::string_view text, const Nodes& nodes, std::string_view key) const {
  if (slots_.empty() || key.empty()) return none;
  const std::uint32_t first = slots_[slot_of(text, nodes, key, hash_of_key(key))].block;
  if (first == none || key_of(text, nodes.blocks[first]) == key) return first;
  for (const auto& [same, later] : repeated_) {
    if (same == first && key_of(text, nodes.blocks[later]) == key) return later;
  }
  return first;
}

std::size_t KeyIndex::memory_bytes() const {
  return slots_.capacity() * sizeof slots_[0] + repeated_.capacity() * sizeof repeated_[0];
}

}  // namespace bibsmith::bibtex
