#include "bibtex/syntax/key_index.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/hot_code.hpp"

namespace bibsmith::bibtex {

namespace {

std::string_view key_of(std::string_view text, const StoredBlock& block) {
  return text.substr(block.key_begin, block.key_size);
}

template <typename Number>
Number bytes_at(const char* from) {
  Number bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

}  // namespace

// Eight bytes at a time; the last eight may overlap those before. Setting the bit that tells 'a' from 'A' in
// every byte makes a few other characters the same as well, which costs a comparison at worst.
std::uint32_t hash_of_key(std::string_view key) {
  constexpr std::uint64_t case_bits = 0x2020'2020'2020'2020u;
  constexpr std::uint64_t odd_factor = 0x9E37'79B9'7F4A'7C15u;
  std::uint64_t hash = key.size() * odd_factor;
  const auto add = [&hash](std::uint64_t bytes) {
    hash = (std::rotl(hash, 29) ^ (bytes | case_bits)) * odd_factor;
    hash ^= hash >> 32;
  };
  const char* const end = key.data() + key.size();
  if (key.size() >= 8) {
    for (const char* at = key.data(); end - at > 8; at += 8) add(bytes_at<std::uint64_t>(at));
    add(bytes_at<std::uint64_t>(end - 8));
  } else if (key.size() >= 4) {
    add(std::uint64_t{bytes_at<std::uint32_t>(key.data())} << 32 | bytes_at<std::uint32_t>(end - 4));
  } else {
    for (const char c : key) add(static_cast<unsigned char>(c));
  }
  return static_cast<std::uint32_t>((hash * odd_factor) >> 32);
}

KeyIndex::KeyIndex(std::string_view text, const Nodes& nodes) {
  if (nodes.key_hashes.empty()) return;
  // At least one slot stays empty: there a search for a key that is not here ends.
  slots_.assign(std::bit_ceil(nodes.key_hashes.size() + nodes.key_hashes.size() / 2 + 1), Slot{});
  const std::size_t last_slot = slots_.size() - 1;
  const StoredBlock* const blocks = nodes.blocks.data();
  const StoredBlock* const blocks_end = blocks + nodes.blocks.size();
  const std::uint32_t* hash = nodes.key_hashes.data();
  const std::uint32_t* const hash_end = hash + nodes.key_hashes.size();
  for (const StoredBlock* block = blocks; block != blocks_end; ++block) {
    if (block->kind != BlockKind::entry || block->key_size == 0) continue;
    // The table is larger than the caches near the processor: each slot is asked for some keys ahead.
    constexpr std::ptrdiff_t keys_ahead = 16;
    if (hash_end - hash > keys_ahead) BIBSMITH_PREFETCH(&slots_[hash[keys_ahead] & last_slot]);
    Slot* slot = &slots_[*hash & last_slot];
    if (slot->block != none) slot = &slots_[slot_of(text, nodes, key_of(text, *block), *hash)];
    const auto index = static_cast<std::uint32_t>(block - blocks);
    if (slot->block == none) {
      *slot = Slot{*hash, index};
    } else {
      repeated_.emplace_back(slot->block, index);
    }
    ++hash;
  }
  assert(hash == hash_end);
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
