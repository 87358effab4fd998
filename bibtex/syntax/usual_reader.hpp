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
#include "bibtex/syntax/grammar.hpp"
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
// nothing odd in it. It decides nothing by itself: where a text is not usual it stops before that place,
// having told the Sink only what Walker would have told, and Walker reads on. So it may be as narrow as is
// fast.
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

  // From any place so far from the end of the text, a field whose parts fit into 64 bytes each can be
  // read, and the masks behind it too.
  static constexpr std::uint32_t reserve_bytes = 3 * mask_bytes;
  static constexpr std::uint32_t near_bytes = Scanner::near_bytes;
  static constexpr std::uint32_t none = 0;

  static Place before_field(bool has_fields, std::uint32_t pos, std::uint32_t last) {
    return {.before = Before::field, .has_fields = has_fields, .pos = pos, .last = last};
  }

  // A place in the text, and the stops in the window that are not before it and so far from the ends of
  // window and text that a field or a head can be read there.
  struct Cursor {
    std::uint32_t pos;
    const std::uint32_t* stop;
    const std::uint32_t* stop_end;

    BIBSMITH_HOT bool has_stops(std::ptrdiff_t wanted) const { return stop_end - stop >= wanted; }
  };

  // The first bit that is set. One must be: with that said, no branch is made for none.
  BIBSMITH_HOT static std::uint32_t first(std::uint64_t mask) {
    if (mask == 0) BIBSMITH_UNREACHABLE();
    return static_cast<std::uint32_t>(std::countr_zero(mask));
  }
  // How many bytes of white space stand at `place`; of more than near_bytes, as many.
  BIBSMITH_HOT std::uint32_t white_space(std::uint32_t place) const {
    return first(scanner_.near<&StructureMasks::not_white_space>(place));
  }
  // The size of the name there, or near_bytes.
  BIBSMITH_HOT std::uint32_t name_size(std::uint32_t place) const {
    return first(scanner_.near<&StructureMasks::not_in_name>(place));
  }

  BIBSMITH_HOT char at(std::uint32_t place) const { return text_[place]; }

  // Puts the cursor at `pos`, wherever window and cursor were. Seldom far from where it was last.
  BIBSMITH_COLD Cursor start(std::uint32_t pos) {
    if (!scanner_.holds_well(pos)) scanner_.start_window_at(pos);
    const std::uint32_t* const begin = scanner_.stops();
    if (scanner_.window_begin() != last_window_) start_window();
    const std::uint32_t* const end = begin + usable_stops_;
    const std::uint32_t* stop = begin + last_stop_;
    while (stop != begin && stop[-1] >= pos) --stop;
    while (stop != end && *stop < pos) ++stop;
    last_stop_ = static_cast<std::uint32_t>(stop - begin);
    return {pos, stop, end};
  }

  // Walker reads on from `place`; not far behind it start() will be called.
  BIBSMITH_HOT Place leave(const Cursor& cursor, const Place& place) {
    last_stop_ = static_cast<std::uint32_t>(cursor.stop - scanner_.stops());
    return place;
  }

  void start_window() {
    last_window_ = scanner_.window_begin();
    last_stop_ = 0;
    const std::uint32_t limit = std::min(scanner_.well_held_end(), size_ - std::min(size_, reserve_bytes));
    usable_stops_ = scanner_.stop_count();
    while (usable_stops_ != 0 && scanner_.stops()[usable_stops_ - 1] >= limit) --usable_stops_;
  }

  // The same with a window that begins there.
  BIBSMITH_COLD Cursor refilled(std::uint32_t pos) {
    scanner_.start_window_at(pos);
    return start(pos);
  }
  // Whether so many stops are in the window, which may have to be moved for them.
  BIBSMITH_HOT bool has_stops(Cursor& cursor, std::ptrdiff_t wanted) {
    if (cursor.has_stops(wanted)) [[likely]]
      return true;
    cursor = refilled(cursor.pos);
    return cursor.has_stops(wanted);
  }

  BIBSMITH_BIT_INSTRUCTIONS BIBSMITH_COLD Place blocks(std::uint32_t pos, std::uint32_t stop) {
    Cursor cursor = start(pos);
    bool is_after_entry = false;
    while (cursor.pos < stop) {
      if (read_head(cursor, stop)) {
        const Place place = fields(cursor, cursor.pos, '}');
        if (place.before != Before::block) return leave(cursor, place);
        is_after_entry = true;
      } else if (read_definition(cursor, stop)) {
        is_after_entry = false;
      } else {
        break;
      }
    }
    return leave(cursor, {.before = Before::block, .is_after_entry = is_after_entry, .pos = cursor.pos});
  }

  // White space and `@type {`: the '@' and the brace are the next two stops. Returns the size of the type, or
  // `none` where it is not that.
  BIBSMITH_HOT std::uint32_t type_size(Cursor& cursor, std::uint32_t stop) {
    if (!has_stops(cursor, 3)) return none;
    const std::uint32_t pos = cursor.pos;
    const std::uint32_t begin = cursor.stop[0];
    const std::uint32_t open = cursor.stop[1];
    if (at(begin) != '@' || begin >= stop) return none;
    if (pos + white_space(pos) != begin) return none;
    const std::uint32_t type = begin + 1;
    const std::uint32_t size = name_size(type);
    if (size == 0 || size == near_bytes || at(open) != '{') return none;
    if (type + size != open) [[unlikely]] {
      if (type + size + white_space(type + size) != open) return none;
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
    const std::uint32_t key_size = name_size(key);
    const std::uint32_t key_end = key + key_size;
    if (key_size == 0 || key_size == near_bytes || at(key_end) != ',' || at(key) == '\xC2') return false;
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
    if (size == none || !cursor.has_stops(most_stops)) return false;
    const std::uint32_t begin = cursor.stop[0];
    if (!equal_ignoring_case(text_.substr(begin + 1, size), "string"sv)) return false;
    const FieldHead head = field_head(cursor.stop[1] + 1);
    if (head.name_size == 0 || !head.is_usual) return false;
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
  // reported. One look for all sizes, since types take turns.
  BIBSMITH_HOT static bool may_not_be_entry(char c, std::uint32_t size) {
    return (c | 0x20) == special_fronts[size] || is_digit(c);
  }
  static constexpr std::array<char, near_bytes> special_fronts = {0, 0, 0, 0, 0, 0, 's', 'c', 'p'};

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
    return leave(cursor, fields(cursor, last, close));
  }

  // From a comma on; moves the cursor behind the entry if that ends.
  BIBSMITH_HOT Place fields(Cursor& cursor, std::uint32_t last, char close) {
    const std::uint32_t first_last = last;
    const auto has_fields = [&] { return last != first_last; };
    const auto stopped = [&] { return before_field(has_fields(), cursor.pos, last); };
    const auto closed = [&](std::uint32_t end) {
      sink_.close_block(true);
      cursor.pos = end + 1;
      cursor.stop += close == '}' ? 1 : 0;
      return Place{.before = Before::block, .pos = end + 1};
    };
    while (has_stops(cursor, 2)) {
      const FieldHead head = field_head(cursor.pos + 1);
      if (head.name_size == 0) {
        const bool is_near = head.name - cursor.pos <= near_bytes;
        return is_near && at(head.name) == close ? closed(head.name) : stopped();
      }
      if (!head.is_usual) return stopped();

      Value value;
      if (read_value(value, cursor, head.value, close)) [[likely]] {
        sink_.usual_field(head.name, head.name_size, head.value, value.end - head.value, value.kind);
      } else {
        const Joined joined =
            read_joined(head.name, head.name_size, cursor.stop, cursor.stop_end, head.value, close);
        if (joined.end == none) {
          const StoredField field{
              .name_begin = head.name, .name_size = head.name_size & 0xFF'FFFF, .value = {}};
          return Place{.before = Before::value,
                       .has_fields = has_fields(),
                       .pos = head.value,
                       .last = trim_end(text_, head.name, head.value),
                       .field = field};
        }
        cursor.stop = joined.stop;
        value.end = joined.end;
        value.next = joined.next;
        value.is_last = at(joined.next) != ',';
      }
      if (value.is_last) return closed(value.next);
      last = value.end;
      cursor.pos = value.next;
    }
    return stopped();
  }

  // `name = ` up to the value.
  struct FieldHead {
    std::uint32_t name = 0;
    std::uint32_t name_size = 0;  // 0: no name stands there
    std::uint32_t value = 0;
    bool is_usual = false;  // all is near enough to be seen, and what it is named
  };

  // What stands at `pos`, behind a comma or an opening brace. Two masks and two bytes tell all: name, '=' and
  // value are the first three that begin there, so that nothing but white space can be between them.
  BIBSMITH_HOT FieldHead field_head(std::uint32_t pos) const {
    std::uint64_t begins = scanner_.near<&StructureMasks::begins>(pos);
    const std::uint32_t name = first(begins);
    begins &= begins - 1;
    const std::uint32_t equals = first(begins);
    begins &= begins - 1;
    const std::uint32_t value = first(begins);
    const std::uint32_t size = first(scanner_.near<&StructureMasks::not_in_name>(pos) >> name);
    return {
        .name = pos + name,
        .name_size = size,
        .value = pos + value,
        .is_usual = value < near_bytes && at(pos + equals) == '=' && !odd_fronts.contains(at(pos + name))};
  }

  // What a name seldom begins with: a digit, '@', the first byte of a no-break space.
  static constexpr ByteSet odd_fronts{"0123456789@\xC2"};

  struct Value {
    PieceKind kind = PieceKind::braced;
    std::uint32_t end = none;
    std::uint32_t next = 0;  // a comma or the end of the entry
    bool is_last = false;    // the latter
  };

  // One piece: where it ends and of what kind it is. Moves `stop` behind it. False where it is not usual.
  BIBSMITH_HOT bool read_piece(std::uint32_t begin, const std::uint32_t*& stop, const std::uint32_t* stop_end,
                               std::uint32_t& end, PieceKind& kind) {
    if (*stop != begin) return read_token(begin, end, kind) && *stop >= end;
    // Files take turns with braces and quotes: computed, for a branch here would often be mispredicted. No
    // stop is what '@' or '}' would have to be closed by.
    const char c = at(begin);
    kind = c == '"' ? PieceKind::quoted : PieceKind::braced;
    const char closing = static_cast<char>(c + (c >> 6 << 1));
    static_assert('{' + ('{' >> 6 << 1) == '}' && '"' + ('"' >> 6 << 1) == '"');
    ++stop;
    if (at(*stop) != closing && !find_end_of_nested(c, stop, stop_end)) return false;
    end = *stop + 1;
    ++stop;
    return at(end - 2) != '\\';
  }

  // One piece and what stands behind it. Moves the cursor's stop, not its place.
  BIBSMITH_HOT bool read_value(Value& value, Cursor& cursor, std::uint32_t begin, char close) {
    const std::uint32_t* stop = cursor.stop;
    if (!read_piece(begin, stop, cursor.stop_end, value.end, value.kind)) return false;
    value.next = value.end;
    value.is_last = false;
    if (at(value.next) != ',') {
      value.next += white_space(value.end);
      if (at(value.next) != ',') {
        value.is_last = true;
        if (at(value.next) != close) return false;
      }
    }
    cursor.stop = stop;
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
      if (stop_end - stop < 2) return {};
      PieceKind kind = PieceKind::braced;
      std::uint32_t end = none;
      if (!read_piece(at_piece, stop, stop_end, end, kind)) return {};
      StoredPiece& piece = pieces[count++];
      piece.begin = at_piece;
      piece.size = (end - at_piece) & 0x1FFF'FFFF;
      piece.kind = kind;
      const std::uint32_t next = end + white_space(end);
      if (at(next) == '#') {
        at_piece = next + 1 + white_space(next + 1);
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

  // Moves `stop` to the delimiter that closes what `open` has opened before. False if that is not in the
  // window or if Walker has to look: an '@' on the way may be the start of an entry.
  BIBSMITH_HOT bool find_end_of_nested(char open, const std::uint32_t*& stop,
                                       const std::uint32_t* stop_end) const {
    if (open == '{') return find_end_of_nested_braces(stop, stop_end);
    return open == '"' && find_end_of_nested_quoted(stop, stop_end);
  }

  BIBSMITH_HOT bool find_end_of_nested_braces(const std::uint32_t*& stop,
                                              const std::uint32_t* stop_end) const {
    for (std::uint32_t depth = 1; stop != stop_end; ++stop) {
      depth += deeper[static_cast<unsigned char>(at(*stop))];
      if (depth == 0) return true;
      if (depth > depth_max && !is_plain_at(*stop, depth)) return false;
    }
    return false;
  }

  // The '"' that ends the value; none either if a '}' comes too much.
  BIBSMITH_HOT bool find_end_of_nested_quoted(const std::uint32_t*& stop,
                                              const std::uint32_t* stop_end) const {
    for (std::uint32_t depth = 0; stop != stop_end; ++stop) {
      const char c = at(*stop);
      if (c == '"' && depth == 0) return true;
      depth += deeper[static_cast<unsigned char>(c)];
      if (depth > depth_max && !is_plain_at(*stop, depth)) return false;  // or less than none
    }
    return false;
  }

  // Whether an '@' made `depth` too large that cannot be the start of an entry, as in an e-mail address, for
  // no white space stands before it; if so, makes it small again.
  BIBSMITH_COLD bool is_plain_at(std::uint32_t place, std::uint32_t& depth) const {
    if (at(place) != '@' || is_white_space(at(place - 1))) return false;
    depth -= deeper['@'];
    return depth <= depth_max;
  }

  // What a stop adds to the depth; '@' more than there may be.
  static constexpr std::array<std::uint32_t, 128> deeper = [] {
    std::array<std::uint32_t, 128> all{};
    all['{'] = 1;
    all['}'] = UINT32_MAX;
    all['@'] = depth_max + 1;
    return all;
  }();

  // A number or the name of a macro, if what follows can end it, which the caller sees.
  BIBSMITH_HOT bool read_token(std::uint32_t begin, std::uint32_t& end, PieceKind& kind) {
    const std::uint32_t size = name_size(begin);
    if (size == 0 || size == near_bytes) return false;
    end = begin + size;
    const char c = at(begin);
    kind = is_digit(c) ? PieceKind::number : PieceKind::macro;
    return is_digit(c) ? is_number(begin, size) : c != '@' && c != '\xC2';
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
  std::uint32_t usable_stops_ = 0;
  Scanner& scanner_;
  Sink& sink_;
};

}  // namespace bibsmith::bibtex
