#pragma once

#include <cstdint>
#include <vector>

#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::bibtex {

enum class BlockKind : std::uint8_t { junk, comment, string, preamble, entry };

// How one part of a value is written. `number` is digits alone; `macro` is any other text without delimiters.
enum class PieceKind : std::uint8_t { braced, quoted, number, macro };

// The limits of the parser. Every offset, size and count of a text within them fits its field below.
inline constexpr std::uint32_t text_bytes_max = 256u << 20;
inline constexpr std::uint32_t name_bytes_max = 4'095;   // of a type, a key or a field name
inline constexpr std::uint32_t head_blanks_max = 1'024;  // white space after '@', or after the type
inline constexpr std::uint32_t findings_max = 100'000;
inline constexpr std::uint32_t depth_max = 512;  // deeper nesting is read and diagnosed

// The nodes as they are stored: 16 bytes a block, 16 a field, 8 a piece, so that the whole Document is
// smaller than its text. Whatever a few bytes of text tell again (where a type ends, where a block ends) is
// not stored. Offsets count from the start of the text; each vector is sorted by offset.
struct StoredBlock {
  std::uint32_t begin = 0;  // the block ends where the next one begins
  std::uint32_t key_begin = 0;
  std::uint32_t first_field = 0;  // its fields end where those of the next block begin
  std::uint32_t key_size : 24 = 0;
  BlockKind kind : 4 = BlockKind::junk;
  bool is_closed : 1 = false;    // by the right delimiter
  bool has_braces : 1 = false;   // and not parentheses
  std::uint8_t no_more : 2 = 0;  // else the old bits would be read from memory, to be kept

  friend bool operator==(const StoredBlock&, const StoredBlock&) = default;
};

struct StoredPiece {
  std::uint32_t begin = 0;
  std::uint32_t size : 29 = 0;  // with the delimiters
  PieceKind kind : 2 = PieceKind::braced;
  bool is_closed : 1 = true;

  friend bool operator==(const StoredPiece&, const StoredPiece&) = default;
};

struct StoredField {
  std::uint32_t name_begin = 0;
  std::uint32_t name_size : 24 = 0;
  bool has_value : 1 = false;
  bool is_concatenated : 1 = false;  // `value` covers several pieces, which stand in Nodes::pieces
  std::uint8_t no_more : 6 = 0;      // as above
  StoredPiece value;                 // empty, where a value was expected, if there is none

  friend bool operator==(const StoredField&, const StoredField&) = default;
};

static_assert(sizeof(StoredBlock) == 16 && sizeof(StoredField) == 16 && sizeof(StoredPiece) == 8);

// All that the parser finds in a text. Blocks tile the text: the first begins at 0, each ends where the next
// begins, the last ends with the text.
struct Nodes {
  LargeVector<StoredBlock> blocks;
  LargeVector<StoredField> fields;
  LargeVector<StoredPiece> pieces;        // of concatenated values, in order
  LargeVector<std::uint32_t> key_hashes;  // of the entries that have a key, in order; see key_index.hpp
  LargeVector<Finding> findings;          // in order of place
};

}  // namespace bibsmith::bibtex
