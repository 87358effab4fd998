#include "fetchers/record/plain_text.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bibsmith {

namespace {

struct Character {
  char32_t point = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

// The table of well-formed sequences (Unicode standard, table 3-7), one character of it.
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};

  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned low = i > 1 ? 0x80u : lead == 0xE0 ? 0xA0u : lead == 0xF0 ? 0x90u : 0x80u;
    const unsigned high = i > 1 ? 0xBFu : lead == 0xED ? 0x9Fu : lead == 0xF4 ? 0x8Fu : 0xBFu;
    if (i == text.size() || byte(i) < low || byte(i) > high) return {0xFFFD, i, false};
    point = (point << 6) | (byte(i) & 0x3F);
  }
  return {point, length, true};
}

bool is_space(char32_t point) {
  return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0x2028 ||
         point == 0x2029;
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

// The text that is being built: bytes [0, size) of `bytes`, which is kept long enough for a block more.
struct Output {
  std::string bytes;
  std::size_t size = 0;

  unsigned char last() const { return size == 0 ? ' ' : static_cast<unsigned char>(bytes[size - 1]); }
  void append(std::string_view text) {
    if (bytes.size() - size < text.size()) bytes.resize(2 * bytes.size() + text.size());
    std::copy(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    size += text.size();
  }
};

// Copies what needs no look at single characters: printable ASCII and line feeds, up to the first
// white space behind another. Returns how many bytes of `text` it took.
std::size_t append_blocks(Output& out, std::string_view text) {
  char* const to = out.bytes.data() + out.size;
  const std::size_t room = std::min(text.size(), out.bytes.size() - out.size);
  unsigned char last = out.last();
  std::size_t taken = 0;
  bool stopped = false;
#ifdef __SSE2__  // every x86-64
  constexpr std::size_t block = 16;
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i line_feed = _mm_set1_epi8('\n');
  const __m128i one = _mm_set1_epi8(1);
  const __m128i above_blank = _mm_set1_epi8(' ' + 1);
  __m128i blank_before = _mm_cvtsi32_si128(last == ' ' ? 0xFF : 0);  // of the block, lowest
  while (!stopped && taken + block <= room) {
    const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + taken));
    // A line feed becomes a blank, by the one bit pattern in which they differ.
    const __m128i tidied =
        _mm_xor_si128(here, _mm_and_si128(_mm_cmpeq_epi8(here, line_feed), _mm_set1_epi8('\n' ^ ' ')));
    // As signed numbers one more than DEL, and all from 0x80 on, are below ' ' too.
    const __m128i outside = _mm_cmplt_epi8(_mm_add_epi8(tidied, one), above_blank);
    const __m128i is_blank = _mm_cmpeq_epi8(tidied, blank);
    const __m128i doubled = _mm_and_si128(is_blank, _mm_or_si128(_mm_slli_si128(is_blank, 1), blank_before));
    const auto odd = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(outside, doubled)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + taken), tidied);
    blank_before = _mm_srli_si128(is_blank, block - 1);
    stopped = odd != 0;
    taken += stopped ? static_cast<std::size_t>(std::countr_zero(odd)) : block;
  }
  if (taken > 0) last = static_cast<unsigned char>(to[taken - 1]);
#endif
  for (; !stopped && taken < room; ++taken) {
    const auto c = static_cast<unsigned char>(text[taken]);
    if (c < ' ' || c >= 0x7F || (c == ' ' && last == ' ')) break;
    to[taken] = static_cast<char>(c);
    last = c;
  }
  out.size += taken;
  return taken;
}

// One character at the front of `text`; returns its length.
std::size_t append_character(Output& out, std::string_view text) {
  const Character character = decode(text);
  if (is_space(character.point)) {
    if (out.last() != ' ') out.append(" ");
  } else if (!character.valid) {
    out.append("\xEF\xBF\xBD");
  } else if (!is_control(character.point)) {
    out.append(text.substr(0, character.length));
  }
  return character.length;
}

}  // namespace

std::string plain_text(std::string_view text) {
  Output out{.bytes = std::string(text.size(), '\0')};
  while (!text.empty()) {
    text.remove_prefix(append_blocks(out, text));
    if (!text.empty()) text.remove_prefix(append_character(out, text));
  }
  if (out.size > 0 && out.last() == ' ') --out.size;
  out.bytes.resize(out.size);
  return std::move(out.bytes);
}

}  // namespace bibsmith
