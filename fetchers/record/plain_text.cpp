#include "fetchers/record/plain_text.hpp"

#include <bit>
#include <cstddef>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bibsmith {

namespace {

bool is_odd(unsigned char c, unsigned char before) {
  return (c < ' ') | (c >= 0x7F) | ((c == ' ') & (before == ' '));
}

// How many bytes at the front stand as they are: printable ASCII without two spaces in a row.
// `before`: the byte that they will follow.
std::size_t plain_prefix(std::string_view text, unsigned char before) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty() || is_odd(byte(0), before)) return 0;
  std::size_t pos = 1;
#ifdef __SSE2__  // every x86-64
  const __m128i space = _mm_set1_epi8(' ');
  const __m128i del = _mm_set1_epi8(0x7F);
  constexpr std::size_t block = 16;
  for (; pos + block <= text.size(); pos += block) {
    const auto load = [&](std::size_t at) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    };
    const __m128i here = load(pos);
    // As signed numbers the bytes from 0x80 on are below ' ' too.
    const __m128i outside = _mm_or_si128(_mm_cmplt_epi8(here, space), _mm_cmpeq_epi8(here, del));
    const __m128i doubled = _mm_and_si128(_mm_cmpeq_epi8(here, space), _mm_cmpeq_epi8(load(pos - 1), space));
    const auto odd = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(outside, doubled)));
    if (odd != 0) return pos + static_cast<std::size_t>(std::countr_zero(odd));
  }
#endif
  while (pos < text.size() && !is_odd(byte(pos), byte(pos - 1))) ++pos;
  return pos;
}

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

void append(std::string& out, std::string_view bytes, const Character& character) {
  if (is_space(character.point)) {
    if (!out.empty() && out.back() != ' ') out += ' ';
  } else if (!character.valid) {
    out += "\xEF\xBF\xBD";
  } else if (!is_control(character.point)) {
    out += bytes;
  }
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::size_t plain = plain_prefix(text, ' ');
  if (plain == text.size() && !text.ends_with(' ')) return std::string(text);  // nearly always

  std::string out;
  out.reserve(text.size());
  while (true) {
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Character character = decode(text);
    append(out, text.substr(0, character.length), character);
    text.remove_prefix(character.length);
    plain = plain_prefix(text, out.empty() ? ' ' : static_cast<unsigned char>(out.back()));
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace bibsmith
