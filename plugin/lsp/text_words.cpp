#include "plugin/lsp/text_words.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bibsmith::plugin {

namespace {

// A byte of a word in lower case; 0: it ends one; 1: it is passed over, "{P}DE" is one word.
constexpr std::array<char, 256> make_word_bytes() {
  std::array<char, 256> bytes{};
  for (int i = 0; i < 256; ++i) {
    const char low = bibtex::lower(static_cast<char>(i));
    const bool is_word = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || i >= 0x80;
    bytes[static_cast<std::size_t>(i)] = is_word ? low : '\0';
  }
  bytes['{'] = bytes['}'] = 1;
  return bytes;
}

constexpr std::array<char, 256> word_bytes = make_word_bytes();

bool is_plain(std::string_view text) {
  bool has_other = false;
  for (const char c : text) has_other |= c == '\\' || static_cast<unsigned char>(c) >= 0x80;
  return !has_other;
}

// Titles of 100 MB go through here before the first completion: no look at the capacity for each byte.
void append_plain_words(std::string& out, std::string_view text, std::string_view keeps) {
  const std::size_t before = out.size();
  out.resize(before + 2 * text.size());  // at most a space before each byte
  char* to = out.data() + before;
  bool is_in_word = false;
  for (const char c : text) {
    char low = word_bytes[static_cast<unsigned char>(c)];
    if (low == 1) continue;
    if (low == 0 && !keeps.empty() && keeps.find(c) != keeps.npos) low = c;
    if (low == 0) {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) *to++ = ' ';
    is_in_word = true;
    *to++ = low;
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

}  // namespace

void append_words(std::string& out, std::string_view text, std::string_view keeps) {
  if (is_plain(text)) return append_plain_words(out, text, keeps);
  append_plain_words(out, bibtex::fold_case(bibtex::to_plain_latin(bibtex::to_unicode(text))), keeps);
}

namespace {

// What 64 bytes are; they are in lower case then.
struct BlockMasks {
  std::uint64_t words = 0;   // letters and digits
  std::uint64_t others = 0;  // not to be read byte by byte: beyond ASCII, LaTeX
};

#ifdef __SSE2__
BlockMasks lower_block(char* bytes) {
  BlockMasks masks;
  const auto between = [](__m128i x, char first, char last) {
    return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(first - 1))),
                         _mm_cmplt_epi8(x, _mm_set1_epi8(static_cast<char>(last + 1))));
  };
  for (int part = 0; part < 4; ++part) {
    auto* place = reinterpret_cast<__m128i*>(bytes + 16 * part);
    __m128i x = _mm_loadu_si128(place);
    x = _mm_add_epi8(x, _mm_and_si128(between(x, 'A', 'Z'), _mm_set1_epi8('a' - 'A')));
    _mm_storeu_si128(place, x);
    const __m128i word = _mm_or_si128(between(x, 'a', 'z'), between(x, '0', '9'));
    const __m128i brace =
        _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('{')), _mm_cmpeq_epi8(x, _mm_set1_epi8('}')));
    // Of bytes beyond ASCII the high bit is set already.
    const __m128i other = _mm_or_si128(_mm_or_si128(brace, _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))), x);
    const auto bits = [part](__m128i mask) {
      return std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(mask))} << (16 * part);
    };
    masks.words |= bits(word);
    masks.others |= bits(other);
  }
  return masks;
}
#else
BlockMasks lower_block(char* bytes) {
  BlockMasks masks;
  for (unsigned i = 0; i < 64; ++i) {
    const char c = bytes[i];
    const char low = word_bytes[static_cast<unsigned char>(c)];
    const bool is_other = low == 1 || c == '\\' || static_cast<unsigned char>(c) >= 0x80;
    masks.words |= std::uint64_t{low > 1 && !is_other} << i;
    masks.others |= std::uint64_t{is_other} << i;
    bytes[i] = bibtex::lower(c);
  }
  return masks;
}
#endif

// Without the braces or quotes around a value.
std::string_view without_delimiters(std::string_view value) {
  if (value.starts_with('{') || value.starts_with('"')) value.remove_prefix(1);
  if (value.ends_with('}') || value.ends_with('"')) value.remove_suffix(1);
  return value;
}

}  // namespace

void TextWords::read(std::string_view value) {
  const std::string_view inner = without_delimiters(value);
  if (read_plain(inner)) return;
  // Without anything of TeX in them the delimiters need not be read as TeX either.
  static constexpr bibtex::ByteSet tex("\\{}$~-`'?!");
  text_.clear();
  append_words(text_, tex.any_in(inner) ? value : inner);
  words_.clear();
  for (std::size_t begin = 1; begin < text_.size();) {
    const std::size_t end = std::min(text_.find(' ', begin), text_.size());
    words_.push_back(std::string_view(text_).substr(begin, end - begin));
    begin = end + 1;
  }
}

bool TextWords::read_plain(std::string_view text) {
  if (text.size() > plain_bytes_max) return false;
  const std::size_t blocks = (text.size() + 63) / 64;
  char* const bytes = plain_.data();
  std::memcpy(bytes, text.data(), text.size());
  std::memset(bytes + text.size(), 0, 64 * blocks - text.size());
  words_.clear();
  // A word that goes on in the next block keeps its beginning.
  const char* begin = nullptr;
  for (std::size_t block = 0; block < blocks; ++block) {
    char* const here = bytes + 64 * block;
    const BlockMasks masks = lower_block(here);
    if (masks.others != 0) return false;
    // A bit where a word begins, or where one ended just before.
    std::uint64_t edges = masks.words ^ (masks.words << 1 | std::uint64_t{begin != nullptr});
    for (; edges != 0; edges &= edges - 1) {
      const char* const at = here + std::countr_zero(edges);
      if (begin == nullptr) {
        begin = at;
      } else {
        words_.emplace_back(begin, static_cast<std::size_t>(at - begin));
        begin = nullptr;
      }
    }
  }
  if (begin != nullptr) words_.emplace_back(begin, static_cast<std::size_t>(bytes + text.size() - begin));
  return true;
}

}  // namespace bibsmith::plugin
