#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "bibtex/syntax/appender.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/hot_code.hpp"
#include "bibtex/syntax/key_index.hpp"
#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// Keeps of what a Walker tells the blocks, without their keys, and the findings.
class BlockSink {
 public:
  // For a walk that begins at `from`; room is made for the nodes of `bytes` bytes.
  BlockSink(std::string_view /*text*/, std::uint32_t from, std::uint32_t bytes, Nodes& nodes)
      : blocks_(nodes.blocks, from, bytes), findings_(nodes.findings) {}

  BIBSMITH_HOT void open_block(BlockKind kind, std::uint32_t begin, bool has_braces) {
    open_block(kind, begin, has_braces, 0);
  }
  BIBSMITH_HOT void key(std::uint32_t, std::uint32_t) {}
  void field(const StoredField&) {}
  BIBSMITH_HOT void usual_field(std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, PieceKind) {}
  void piece(const StoredPiece&) {}
  BIBSMITH_HOT void close_block(bool is_closed) { blocks_.back().is_closed = is_closed; }

  BIBSMITH_COLD void report(SyntaxProblem problem, Span span) {
    if (findings_.size() < findings_max) {
      findings_.push_back(Finding{problem, span});
    } else {
      is_full_ = true;
    }
  }

  // The nodes are as told from here on.
  void finish() { blocks_.finish(); }

  bool is_full() const { return is_full_; }

 protected:
  BIBSMITH_HOT void open_block(BlockKind kind, std::uint32_t begin, bool has_braces,
                               std::uint32_t first_field) {
    blocks_.add(begin) =
        StoredBlock{.begin = begin, .first_field = first_field, .kind = kind, .has_braces = has_braces};
  }

  Appender<StoredBlock> blocks_;

 private:
  LargeVector<Finding>& findings_;
  bool is_full_ = false;
};

// Keeps all, and finds the fields that an entry has twice.
class NodeSink : public BlockSink {
 public:
  NodeSink(std::string_view text, std::uint32_t from, std::uint32_t bytes, Nodes& nodes)
      : BlockSink(text, from, bytes, nodes),
        text_(text),
        fields_(nodes.fields, from, bytes),
        pieces_(nodes.pieces, from, bytes),
        key_hashes_(nodes.key_hashes, from, bytes) {}

  BIBSMITH_HOT void open_block(BlockKind kind, std::uint32_t begin, bool has_braces) {
    BlockSink::open_block(kind, begin, has_braces, static_cast<std::uint32_t>(fields_.size()));
    names_seen_ = {};
  }

  BIBSMITH_HOT void key(std::uint32_t begin, std::uint32_t size) {
    blocks_.back().key_begin = begin;
    blocks_.back().key_size = size & 0xFF'FFFF;
    if (size != 0) key_hashes_.add(begin) = hash_of_key(std::string_view(text_.data() + begin, size));
  }

  void field(const StoredField& field) {
    fields_.add(field.name_begin) = field;
    if (field.name_size != 0 && may_be_duplicate(field.name_begin, field.name_size)) report_duplicate();
  }

  // The same for a value of one piece, which is closed.
  BIBSMITH_HOT void usual_field(std::uint32_t name, std::uint32_t name_size, std::uint32_t value,
                                std::uint32_t value_size, PieceKind kind) {
    StoredField& field = fields_.add(name);
    if constexpr (std::endian::native == std::endian::little) {
      // As the bits of StoredField lie. From its members the compiler makes code that reads the old bits
      // first, of memory that is in no cache yet.
      const std::array<std::uint32_t, 4> words = {
          name, name_size | 1u << 24, value, value_size | static_cast<std::uint32_t>(kind) << 29 | 1u << 31};
      std::memcpy(static_cast<void*>(&field), words.data(), sizeof field);
    } else {
      field = StoredField{
          .name_begin = name,
          .name_size = name_size & 0xFF'FFFF,
          .has_value = true,
          .is_concatenated = false,
          .value = {.begin = value, .size = value_size & 0x1FFF'FFFF, .kind = kind, .is_closed = true}};
    }
    if (may_be_duplicate(name, name_size)) [[unlikely]]
      report_duplicate();
  }

  void piece(const StoredPiece& piece) { pieces_.add(piece.begin) = piece; }

  void finish() {
    BlockSink::finish();
    fields_.finish();
    pieces_.finish();
    key_hashes_.finish();
  }

 private:
  std::string_view name_of(const StoredField& field) const {
    return text_.substr(field.name_begin, field.name_size);
  }

  // Names of one size that have the same two bytes in front, in the middle and at the end, in any case of
  // letters, give the same two bits. One in each of two sets of 64 tells the names of most entries apart:
  // only where both are set are the names before compared.
  BIBSMITH_HOT bool may_be_duplicate(std::uint32_t name, std::uint32_t size) {
    constexpr std::uint64_t case_bits = 0x2020'2020'2020u;
    constexpr std::uint64_t odd_factor = 0x9E37'79B9'7F4A'7C15u;
    if (size < 2) [[unlikely]]
      return true;
    const char* const begin = text_.data() + name;
    const std::uint64_t bytes =
        two_bytes(begin) | two_bytes(begin + size / 2 - 1) << 16 | two_bytes(begin + size - 2) << 32;
    const std::uint64_t hash = (bytes | case_bits | std::uint64_t{size} << 48) * odd_factor;
    const std::uint64_t one = hash >> 58;
    const std::uint64_t other = hash >> 52 & 63;
    const bool may_be = (names_seen_[0] >> one & names_seen_[1] >> other & 1) != 0;
    names_seen_[0] |= std::uint64_t{1} << one;
    names_seen_[1] |= std::uint64_t{1} << other;
    return may_be;
  }

  BIBSMITH_HOT static std::uint64_t two_bytes(const char* from) {
    std::uint16_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
  }

  // About the last field.
  BIBSMITH_COLD void report_duplicate() {
    const StoredField& field = fields_.back();
    const std::size_t first = blocks_.back().first_field;
    const std::size_t count = fields_.size() - 1;
    const StoredField* const begin = fields_.at(std::max(first, count - std::min(count, compared_max)));
    const std::string_view name = name_of(field);
    const auto same = [&](const StoredField& other) { return equal_ignoring_case(name_of(other), name); };
    if (std::any_of(begin, static_cast<const StoredField*>(&field), same)) {
      report(SyntaxProblem::duplicate_field, Span{field.name_begin, field.name_begin + field.name_size});
    }
  }

  // An entry of a million fields must not take a million squared comparisons.
  static constexpr std::size_t compared_max = 256;

  std::string_view text_;
  Appender<StoredField> fields_;
  Appender<StoredPiece> pieces_;
  Appender<std::uint32_t> key_hashes_;
  std::array<std::uint64_t, 2> names_seen_{};  // two sets of 64 bits
};

}  // namespace bibsmith::bibtex
