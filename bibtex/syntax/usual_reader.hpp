#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/hot_code.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/scanner.hpp"

namespace bibsmith::bibtex {

// Where UsualReader stopped.
struct UsualPlace {
  enum class Before : std::uint8_t {
    block,  // the start of a block, or of junk, or the end of the text
    field,  // whatever follows the last field of an entry, or its key
    value,  // the value of a field
  };
  Before before = Before::block;
  bool is_after_entry = false;  // the last block that it read is an entry
  bool has_fields = false;      // the entry that it stopped in
  std::uint32_t pos = 0;
  std::uint32_t last = 0;  // the end of the last thing that is not white space
  StoredField field{};     // whose value it stopped before
};

// Reads what nearly all files consist of, `@type{key, name = value, ... }` and `@string{name = value}` with
// nothing odd in it. It decides
// nothing by itself: where a text is not usual it stops before that place, having told the Sink only what
// Walker would have told, and Walker reads on. So it may be as narrow as is fast.
//
// What makes it fast is that a place is not computed from the one before it, which is a chain of a dozen
// dependent instructions a field, but read from the list of braces, quotes and '@' in the window. That the
// text between two of them is as usual is tested beside that, by masks, and the processor goes on meanwhile
// as if it were.
template <typename Sink>
class UsualReader {
 public:
  using Place = UsualPlace;

  UsualReader(std::string_view text, Scanner& scanner, Sink& sink)
      : text_(text),
        size_(static_cast<std::uint32_t>(text.size())),
        is_fast_(scanner.kernel() != MaskKernel::scalar),
        scanner_(scanner),
        sink_(sink) {}

  // Reads usual entries that begin in [pos, stop).
  Place read_blocks(std::uint32_t pos, std::uint32_t stop) {
    return is_fast_ ? blocks(pos, stop) : Place{.before = Before::block, .pos = pos};
  }

  // Reads usual fields from `pos` on, behind a key or a value that ends at `last`. If the entry ends, it has
  // told so and stands behind it.
  Place read_fields(std::uint32_t pos, std::uint32_t last, char close) {
    return is_fast_ ? fields_from(pos, last, close) : before_field(false, pos, last);
  }

 private:
  using Before = UsualPlace::Before;

  // From any place so far from the end of the text, a field that fits into the 64 bytes of a mask can be
  // read, and the masks behind it too.
  static constexpr std::uint32_t reserve_bytes = 3 * mask_bytes;
  static constexpr std::uint32_t none = 0;

  static Place before_field(bool has_fields, std::uint32_t pos, std::uint32_t last) {
    return {.before = Before::field, .has_fields = has_fields, .pos = pos, .last = last};
  }

  // A place in the text, and the first of the stops in the window that is not before it.
  struct Cursor {
    std::uint32_t pos;
    const std::uint32_t* stop;
    const std::uint32_t* stop_end;
  };

  // The first bit from `from` on that is set, or not set; `from` < 64. If there is none, 64.
  BIBSMITH_HOT static std::uint32_t first(std::uint64_t mask, std::uint32_t from = 0) {
    return static_cast<std::uint32_t>(std::countr_zero(mask >> from << from));
  }

  BIBSMITH_HOT char at(std::uint32_t place) const { return text_[place]; }

  // Puts the cursor at `pos`, wherever window and cursor were. Seldom far from where it was last.
  BIBSMITH_COLD Cursor start(std::uint32_t pos) {
    if (!scanner_.holds_well(pos)) scanner_.start_window_at(pos);
    const std::uint32_t* const begin = scanner_.stops();
    const std::uint32_t* const end = begin + scanner_.stop_count();
    if (scanner_.window_begin() != last_window_) last_stop_ = 0;
    const std::uint32_t* stop = begin + last_stop_;
    while (stop != begin && stop[-1] >= pos) --stop;
    while (stop != end && *stop < pos) ++stop;
    last_window_ = scanner_.window_begin();
    last_stop_ = static_cast<std::uint32_t>(stop - begin);
    return {pos, stop, end};
  }

  // Moves the window so that the next stops are in it. False if there are not as many as `wanted`.
  BIBSMITH_COLD bool refill(Cursor& cursor, std::ptrdiff_t wanted) {
    if (size_ - cursor.pos < reserve_bytes) return false;
    scanner_.start_window_at(cursor.pos);
    cursor = start(cursor.pos);
    return cursor.stop_end - cursor.stop >= wanted;
  }
  BIBSMITH_HOT bool has_stops(Cursor& cursor, std::ptrdiff_t wanted) {
    if (cursor.pos < scanner_.well_held_end() && cursor.stop_end - cursor.stop >= wanted) [[likely]]
      return size_ - cursor.pos >= reserve_bytes;
    return refill(cursor, wanted);
  }

  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD Place blocks(std::uint32_t pos, std::uint32_t stop) {
    Cursor cursor = start(pos);
    bool is_after_entry = false;
    while (cursor.pos < stop) {
      if (read_head(cursor, stop)) {
        const Place place = fields(cursor, cursor.pos, '}');
        if (place.before != Before::block) return place;
        is_after_entry = true;
      } else if (read_definition(cursor, stop)) {
        is_after_entry = false;
      } else {
        break;
      }
    }
    return Place{.before = Before::block, .is_after_entry = is_after_entry, .pos = cursor.pos};
  }

  // White space and `@type {`: the '@' and the brace are the next two stops. Returns the size of the type, or
  // `none` where it is not that.
  BIBSMITH_HOT std::uint32_t type_size(Cursor& cursor, std::uint32_t stop) {
    if (!has_stops(cursor, 3)) return none;
    const std::uint32_t pos = cursor.pos;
    const std::uint32_t begin = cursor.stop[0];
    const std::uint32_t open = cursor.stop[1];
    if (begin - pos >= mask_bytes || at(begin) != '@' || begin >= stop) return none;
    if (first(~scanner_.bits<&MaskWord::white_space>(pos)) != begin - pos) return none;
    const std::uint32_t type = begin + 1;
    if (open == type || open - begin >= mask_bytes || at(open) != '{') return none;
    const std::uint32_t size = first(scanner_.bits<&MaskWord::not_in_name>(type));
    if (size != open - type) [[unlikely]] {
      if (size == 0 || first(~scanner_.bits<&MaskWord::white_space>(type), size) != open - type) return none;
    }
    return size;
  }

  // White space and `@type{key`. False, and nothing is told, where it is not that.
  BIBSMITH_HOT bool read_head(Cursor& cursor, std::uint32_t stop) {
    const std::uint32_t size = type_size(cursor, stop);
    if (size == none) return false;
    const std::uint32_t pos = cursor.pos;
    const std::uint32_t begin = cursor.stop[0];
    const std::uint32_t open = cursor.stop[1];
    if (may_not_be_entry(at(begin + 1), size)) return false;

    const std::uint32_t key = open + 1;
    const std::uint32_t key_size = first(scanner_.bits<&MaskWord::not_in_name>(key));
    const std::uint32_t key_end = key + key_size;
    if (key_size == 0 || key_size >= mask_bytes || at(key_end) != ',' || at(key) == '\xC2') return false;
    if (cursor.stop[2] < key_end) return false;

    if (begin > pos) sink_.open_block(BlockKind::junk, pos, false);
    sink_.open_block(BlockKind::entry, begin, true);
    sink_.key(key, key_size);
    cursor.pos = key_end;
    cursor.stop += 2;
    return true;
  }

  // White space and the whole of `@string{name = value}`. False, and nothing is told, where it is not that.
  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD bool read_definition(Cursor& cursor, std::uint32_t stop) {
    using namespace std::string_view_literals;
    constexpr std::ptrdiff_t most_stops = 4;  // '@', the brace, and those of the value
    const std::uint32_t size = type_size(cursor, stop);
    if (size == none || cursor.stop_end - cursor.stop < most_stops) return false;
    const std::uint32_t begin = cursor.stop[0];
    if (!equal_ignoring_case(text_.substr(begin + 1, size), "string"sv)) return false;
    const FieldHead head = field_head(cursor.stop[1]);
    if (!head.is_usual()) return false;
    Cursor inner = cursor;
    inner.stop += 2;
    Value value;
    if (!read_value(value, inner, head.value, '}') || at(value.next) != '}') return false;

    if (begin > cursor.pos) sink_.open_block(BlockKind::junk, cursor.pos, false);
    sink_.open_block(BlockKind::string, begin, true);
    sink_.usual_field(head.name, head.name_size, head.value, value.end - head.value, value.kind);
    sink_.close_block(true);
    cursor.pos = value.next + 1;
    cursor.stop = inner.stop + 1;
    return true;
  }

  // Whether a type with this first letter and of this size may be @string, @comment or @preamble, or is
  // reported.
  BIBSMITH_HOT static bool may_not_be_entry(char c, std::uint32_t size) {
    c = lower(c);
    return (c == 's' && size == 6) || (c == 'c' && size == 7) || (c == 'p' && size == 8) || is_digit(c);
  }

  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD Place fields_from(std::uint32_t pos, std::uint32_t last,
                                                            char close) {
    const std::uint32_t next = scanner_.end_of_white_space(pos);
    if (next >= size_) return before_field(false, pos, last);
    if (at(next) == close) {
      sink_.close_block(true);
      return Place{.before = Before::block, .pos = next + 1};
    }
    if (at(next) != ',') return before_field(false, pos, last);
    Cursor cursor = start(next);
    return fields(cursor, last, close);
  }

  // From a comma on; moves the cursor behind the entry if that ends.
  BIBSMITH_HOT Place fields(Cursor& cursor, std::uint32_t last, char close) {
    bool has_fields = false;
    const auto stopped = [&] { return before_field(has_fields, cursor.pos, last); };
    const auto closed = [&](std::uint32_t end) {
      sink_.close_block(true);
      cursor.pos = end + 1;
      cursor.stop += close == '}' ? 1 : 0;
      return Place{.before = Before::block, .pos = end + 1};
    };
    while (has_stops(cursor, 2)) {
      const std::uint32_t pos = cursor.pos;
      const std::uint64_t white_space = scanner_.bits<&MaskWord::white_space>(pos);
      const std::uint64_t all_equals = scanner_.bits<&MaskWord::equals>(pos);
      const std::uint64_t not_in_name = scanner_.bits<&MaskWord::not_in_name>(pos);
      // Where something begins: behind white space, behind the comma, at '=' and behind it.
      std::uint64_t begins = (~white_space & (white_space | all_equals | 1) << 1) | all_equals;
      const std::uint32_t name = first(begins);
      begins &= begins - 1;
      const std::uint32_t equals = first(begins);
      begins &= begins - 1;
      const std::uint32_t begin = pos + first(begins);
      if (name >= mask_bytes) return stopped();
      const std::uint32_t name_end = first(not_in_name, name);
      if (name_end == name) return at(pos + name) == close ? closed(pos + name) : stopped();
      if (begins == 0 || (all_equals >> equals & 1) == 0) return stopped();
      if (name_end != equals && (white_space >> name_end & 1) == 0) return stopped();
      if (is_odd_in_front(at(pos + name))) return stopped();

      Value value;
      if (read_value(value, cursor, begin, close)) [[likely]] {
        sink_.usual_field(pos + name, name_end - name, begin, value.end - begin, value.kind);
      } else {
        const Joined joined =
            read_joined(pos + name, name_end - name, cursor.stop, cursor.stop_end, begin, close);
        if (joined.end == none) {
          const StoredField field{
              .name_begin = pos + name, .name_size = (name_end - name) & 0xFF'FFFF, .value = {}};
          return Place{.before = Before::value,
                       .has_fields = has_fields,
                       .pos = begin,
                       .last = pos + equals + 1,
                       .field = field};
        }
        cursor.stop = joined.stop;
        value.end = joined.end;
        value.next = joined.next;
      }
      has_fields = true;
      if (at(value.next) != ',') return closed(value.next);
      last = value.end;
      cursor.pos = value.next;
    }
    return stopped();
  }

  // `name = ` up to the value, all within 64 bytes.
  struct FieldHead {
    std::uint32_t name = 0;
    std::uint32_t name_size = 0;  // 0: no name stands there
    std::uint32_t value = 0;
    bool has_equals = false;
    bool is_joined = false;  // '=' stands behind the name, or white space
    bool is_odd = false;

    BIBSMITH_HOT bool is_usual() const { return name_size != 0 && has_equals && is_joined && !is_odd; }
  };

  // What stands behind the opening brace at `pos`. fields() does the same in its own words: its loop stops at
  // the first thing that is odd, and keeps all that in registers.
  BIBSMITH_HOT FieldHead field_head(std::uint32_t pos) const {
    const std::uint64_t white_space = scanner_.bits<&MaskWord::white_space>(pos);
    const std::uint64_t all_equals = scanner_.bits<&MaskWord::equals>(pos);
    const std::uint64_t not_in_name = scanner_.bits<&MaskWord::not_in_name>(pos);
    // Where something begins: behind white space, behind the comma, at '=' and behind it.
    std::uint64_t begins = (~white_space & (white_space | all_equals | 1) << 1) | all_equals;
    const std::uint32_t name = first(begins);
    begins &= begins - 1;
    const std::uint32_t equals = first(begins);
    begins &= begins - 1;
    const std::uint32_t value = first(begins);
    if (name >= mask_bytes) return {};
    const std::uint32_t name_end = first(not_in_name, name);
    return {.name = pos + name,
            .name_size = name_end - name,
            .value = pos + value,
            .has_equals = begins != 0 && (all_equals >> equals & 1) != 0,
            .is_joined = name_end == equals || (white_space >> name_end & 1) != 0,
            .is_odd = is_odd_in_front(at(pos + name))};
  }

  // What a name seldom begins with: a digit, '@', the first byte of a no-break space.
  BIBSMITH_HOT static bool is_odd_in_front(char c) { return is_digit(c) || c == '@' || c == '\xC2'; }

  struct Value {
    PieceKind kind = PieceKind::braced;
    std::uint32_t end = none;
    std::uint32_t next = 0;  // a comma or the end of the entry
  };

  // One piece. Returns its end, or `none`; moves `stop` behind it.
  BIBSMITH_HOT std::uint32_t end_of_piece(PieceKind& kind, const std::uint32_t*& stop,
                                          const std::uint32_t* stop_end, std::uint32_t begin) {
    const char c = at(begin);
    std::uint32_t end = none;
    if (*stop == begin) {
      if (c != '{' && c != '"') return none;
      // Files take turns with braces and quotes: computed, for a branch here would often be mispredicted.
      kind = c == '"' ? PieceKind::quoted : PieceKind::braced;
      const char closing = static_cast<char>(c + (c >> 6 << 1));
      static_assert('{' + ('{' >> 6 << 1) == '}' && '"' + ('"' >> 6 << 1) == '"');
      end = *++stop;
      if (at(end) != closing) {
        end = c == '{' ? end_of_nested(stop, stop_end) : end_of_nested_quoted(stop, stop_end);
      }
      if (end == none || at(end - 1) == '\\') return none;
      ++end;
      ++stop;
    } else {
      end = end_of_token(begin, kind);
      if (end == none || *stop < end) return none;
    }
    return end < size_ ? end : none;
  }

  // One piece and what stands behind it. Moves the cursor's stop, not its place.
  BIBSMITH_HOT bool read_value(Value& value, Cursor& cursor, std::uint32_t begin, char close) {
    const std::uint32_t* stop = cursor.stop;
    const std::uint32_t end = end_of_piece(value.kind, stop, cursor.stop_end, begin);
    if (end == none) return false;
    std::uint32_t next = end;
    if (at(next) != ',') {
      if (end >= scanner_.well_held_end()) return false;
      next += first(~scanner_.bits<&MaskWord::white_space>(end));
      if (next >= size_ || (at(next) != ',' && at(next) != close)) return false;
    }
    cursor.stop = stop;
    value.end = end;
    value.next = next;
    return true;
  }

  struct Joined {
    const std::uint32_t* stop = nullptr;  // the first behind it
    std::uint32_t end = none;
    std::uint32_t next = 0;  // a comma or the end of the entry
  };

  // A field whose value is of several pieces, joined by '#': tells it. Where it is not that it tells nothing,
  // and `end` is `none`. By values, so that what the loop over all fields holds can stay in registers.
  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD Joined read_joined(std::uint32_t name, std::uint32_t name_size,
                                                             const std::uint32_t* stop,
                                                             const std::uint32_t* stop_end,
                                                             std::uint32_t begin, char close) {
    constexpr std::size_t pieces_max = 8;
    std::array<StoredPiece, pieces_max> pieces;
    std::uint32_t at_piece = begin;
    for (std::size_t count = 0; count < pieces_max;) {
      // The piece, what is behind it, and a stop that may be it.
      if (at_piece >= scanner_.well_held_end() || stop_end - stop < 2) return {};
      PieceKind kind = PieceKind::braced;
      const std::uint32_t end = end_of_piece(kind, stop, stop_end, at_piece);
      if (end == none || end >= scanner_.well_held_end()) return {};
      StoredPiece& piece = pieces[count++];
      piece.begin = at_piece;
      piece.size = (end - at_piece) & 0x1FFF'FFFF;
      piece.kind = kind;
      std::uint32_t next = end + first(~scanner_.bits<&MaskWord::white_space>(end));
      if (next >= size_) return {};
      if (at(next) == '#') {
        ++next;
        at_piece = next + first(~scanner_.bits<&MaskWord::white_space>(next));
        if (at_piece >= size_ || at_piece - next >= mask_bytes) return {};
        continue;
      }
      if (count < 2 || (at(next) != ',' && at(next) != close)) return {};
      for (std::size_t i = 0; i < count; ++i) sink_.piece(pieces[i]);
      StoredField field{.name_begin = name,
                        .name_size = name_size & 0xFF'FFFF,
                        .has_value = true,
                        .is_concatenated = true,
                        .value = pieces[0]};
      field.value.size = (end - begin) & 0x1FFF'FFFF;
      sink_.field(field);
      return {stop, end, next};
    }
    return {};
  }

  // The '}' that closes what was opened before `stop`, or `none` if it is not in the window or if Walker has
  // to look: an '@' on the way may be the start of an entry. `stop` is moved there.
  BIBSMITH_HOT std::uint32_t end_of_nested(const std::uint32_t*& stop, const std::uint32_t* stop_end) const {
    for (std::uint32_t depth = 1; stop != stop_end; ++stop) {
      const char c = at(*stop);
      if (c == '@') return none;
      depth += (c == '{' ? 1u : 0u) - (c == '}' ? 1u : 0u);
      if (depth == 0) return *stop;
      if (depth > depth_max) return none;
    }
    return none;
  }

  // The '"' that ends the value, or `none`, as for braces, or if a '}' comes too much.
  BIBSMITH_HOT std::uint32_t end_of_nested_quoted(const std::uint32_t*& stop,
                                                  const std::uint32_t* stop_end) const {
    for (std::uint32_t depth = 0; stop != stop_end; ++stop) {
      const char c = at(*stop);
      if (c == '@') return none;
      if (c == '"' && depth == 0) return *stop;
      depth += (c == '{' ? 1u : 0u) - (c == '}' ? 1u : 0u);
      if (depth > depth_max) return none;  // or less than none
    }
    return none;
  }

  // Behind a number or the name of a macro.
  BIBSMITH_HOT std::uint32_t end_of_token(std::uint32_t begin, PieceKind& kind) {
    const std::uint32_t size = first(scanner_.bits<&MaskWord::not_in_name>(begin));
    if (size == 0 || size >= mask_bytes) return none;
    const char c = at(begin);
    if (c == '@' || c == '\xC2') return none;
    kind = PieceKind::macro;
    if (is_digit(c)) {
      if (!is_number(begin, size)) return none;
      kind = PieceKind::number;
    }
    const char after = at(begin + size);
    if (after == '\'' || after == '(' || (class_of(after) & byte_class::odd) != 0) return none;
    return begin + size;
  }

  // Whether these bytes are up to eight digits.
  BIBSMITH_HOT bool is_number(std::uint32_t begin, std::uint32_t size) const {
    constexpr std::uint32_t digits_max = 8;
    if (size > digits_max || std::endian::native != std::endian::little) return false;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text_.data() + begin, sizeof bytes);
    // A byte is a digit if its high nibble is 3 and stays 3 when 6 is added (so not in ':' to '?').
    constexpr std::uint64_t high_nibbles = 0xF0F0'F0F0'F0F0'F0F0u;
    constexpr std::uint64_t threes = 0x3030'3030'3030'3030u;
    constexpr std::uint64_t sixes = 0x0606'0606'0606'0606u;
    const std::uint64_t differs =
        ((bytes & high_nibbles) ^ threes) | (((bytes + sixes) & high_nibbles) ^ threes);
    return differs << (8 * (digits_max - size)) == 0;
  }

  std::string_view text_;
  std::uint32_t size_;
  bool is_fast_;
  std::uint32_t last_window_ = UINT32_MAX;  // where start() put the cursor last
  std::uint32_t last_stop_ = 0;
  Scanner& scanner_;
  Sink& sink_;
};

}  // namespace bibsmith::bibtex
