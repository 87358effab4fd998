#pragma once

#include <algorithm>
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
  bool has_fields = false;  // the entry that it stopped in
  std::uint32_t pos = 0;
  std::uint32_t last = 0;  // the end of the last thing that is not white space
  StoredField field{};     // whose value it stopped before
};

// Reads what nearly all files consist of, `@type{key, name = value, ... }` with nothing odd in it. It decides
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
    return is_fast_ ? fields_from(pos, last, close) : Place{Before::field, false, pos, last};
  }

 private:
  using Before = UsualPlace::Before;

  // From any place so far from the end of the text, a field that fits into the 64 bytes of a mask can be
  // read, and the masks behind it too.
  static constexpr std::uint32_t reserve_bytes = 3 * mask_bytes;
  static constexpr std::uint32_t none = 0;

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
    while (cursor.pos < stop && read_head(cursor, stop)) {
      const Place place = fields(cursor, cursor.pos, '}');
      if (place.before != Before::block) return place;
    }
    return Place{.before = Before::block, .pos = cursor.pos};
  }

  // White space and `@type{key`. False, and nothing is told, where it is not that.
  BIBSMITH_HOT bool read_head(Cursor& cursor, std::uint32_t stop) {
    if (!has_stops(cursor, 3)) return false;
    const std::uint32_t pos = cursor.pos;
    const std::uint32_t begin = cursor.stop[0];
    const std::uint32_t open = cursor.stop[1];
    if (begin - pos >= mask_bytes || at(begin) != '@' || begin >= stop) return false;
    if (first(~scanner_.bits<&MaskWord::white_space>(pos)) != begin - pos) return false;
    const std::uint32_t type = begin + 1;
    if (open == type || open - begin >= mask_bytes || at(open) != '{') return false;
    if (first(scanner_.bits<&MaskWord::not_in_name>(type)) != open - type) return false;
    if (may_not_be_entry(at(type), open - type)) return false;

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

  // Whether a type with this first letter and of this size may be @string, @comment or @preamble, or is
  // reported.
  BIBSMITH_HOT static bool may_not_be_entry(char c, std::uint32_t size) {
    c = lower(c);
    return (c == 's' && size == 6) || (c == 'c' && size == 7) || (c == 'p' && size == 8) || is_digit(c);
  }

  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD Place fields_from(std::uint32_t pos, std::uint32_t last,
                                                            char close) {
    const std::uint32_t next = scanner_.end_of_white_space(pos);
    if (next >= size_) return Place{Before::field, false, pos, last};
    if (at(next) == close) {
      sink_.close_block(true);
      return Place{.before = Before::block, .pos = next + 1};
    }
    if (at(next) != ',') return Place{Before::field, false, pos, last};
    Cursor cursor = start(next);
    return fields(cursor, last, close);
  }

  // From a comma on; moves the cursor behind the entry if that ends.
  BIBSMITH_HOT Place fields(Cursor& cursor, std::uint32_t last, char close) {
    bool has_fields = false;
    const auto stopped = [&] { return Place{Before::field, has_fields, cursor.pos, last}; };
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
      if (!read_value(value, cursor, begin, close)) {
        const StoredField field{.name_begin = pos + name, .name_size = (name_end - name) & 0xFF'FFFF};
        return Place{Before::value, has_fields, begin, pos + equals + 1, field};
      }
      sink_.usual_field(pos + name, name_end - name, begin, value.end - begin, value.kind);
      has_fields = true;
      if (at(value.next) != ',') return closed(value.next);
      last = value.end;
      cursor.pos = value.next;
    }
    return stopped();
  }

  // What a name seldom begins with: a digit, '@', the first byte of a no-break space.
  BIBSMITH_HOT static bool is_odd_in_front(char c) { return is_digit(c) || c == '@' || c == '\xC2'; }

  struct Value {
    PieceKind kind = PieceKind::braced;
    std::uint32_t end = none;
    std::uint32_t next = 0;  // a comma or the end of the entry
  };

  // One piece and what stands behind it. Moves the cursor's stop, not its place.
  BIBSMITH_HOT bool read_value(Value& value, Cursor& cursor, std::uint32_t begin, char close) {
    const char c = at(begin);
    const std::uint32_t* stop = cursor.stop;
    std::uint32_t end = none;
    if (*stop == begin) {
      if (c == '{') {
        end = *++stop;
        if (at(end) != '}') end = end_of_nested(stop, cursor.stop_end);
      } else if (c == '"') {
        value.kind = PieceKind::quoted;
        end = *++stop;
        if (at(end) != '"') end = end_of_nested_quoted(stop, cursor.stop_end);
      }
      if (end == none || at(end - 1) == '\\') return false;
      ++end;
      ++stop;
    } else {
      end = end_of_token(begin, value.kind);
      if (end == none || *stop < end) return false;
    }
    if (end >= size_) return false;
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
