#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "plugin/lsp/entry_index.hpp"
#include "plugin/lsp/vocabulary.hpp"

namespace bibsmith::plugin {

// In which entries each word of a large bibliography stands, as it was when all of it was read: what is typed
// leads to hundreds of places, where to look at every entry would be millions of words. Parts that were read
// again since are not in here. The lines of all parts are counted through.
class WordPlaces {
 public:
  WordPlaces() = default;
  // Of these parts, all read with one vocabulary of so many words.
  WordPlaces(std::span<const EntryIndex* const> parts, std::uint32_t words);

  // Lets the typed word lead that is in the fewest places, where that finds the same: a slip in a key is
  // found by the longest only.
  void choose_leading(EntryQuestion& question) const;
  // The lines that have one of the words that answer, in order. nullopt: there are so many that looking at
  // every entry is as fast, or there are no parts.
  std::optional<std::vector<std::uint32_t>> lines_with(std::span<const WordAnswer> answers) const;
  // Those of them that stand in one part.
  KnownLines of_part(std::uint32_t part, std::span<const std::uint32_t> lines) const;

  std::size_t memory_bytes() const;

 private:
  // In how many places the words that answer stand.
  std::size_t count(std::span<const WordAnswer> answers) const;

  std::vector<std::uint32_t> parts_;   // the first line of each, and the end of the last one
  std::vector<std::uint32_t> begins_;  // in places_, of each word, and the end of the last one
  std::vector<std::uint32_t> places_;
};

}  // namespace bibsmith::plugin
