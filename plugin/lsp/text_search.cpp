#include "plugin/lsp/text_search.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace bibsmith::plugin {

namespace {

std::size_t find_byte(std::string_view text, char wanted, std::size_t from) {
  const void* found = std::memchr(text.data() + from, wanted, text.size() - from);
  return found == nullptr ? text.npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from) {
  if (needle.empty() || from >= text.size() || text.size() - from < needle.size()) return text.npos;
  if (needle.size() == 1) return find_byte(text, needle.front(), from);
  const std::size_t last = needle.size() - 1;
  std::size_t at = from;
#ifdef __SSE2__
  // Sixteen places at once: those where the first and the last byte of the needle are right are few.
  const __m128i first_byte = _mm_set1_epi8(needle.front());
  const __m128i last_byte = _mm_set1_epi8(needle.back());
  for (; at + last + 16 <= text.size(); at += 16) {
    const auto* begin = reinterpret_cast<const __m128i*>(text.data() + at);
    const auto* end = reinterpret_cast<const __m128i*>(text.data() + at + last);
    const __m128i equal = _mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128(begin), first_byte),
                                        _mm_cmpeq_epi8(_mm_loadu_si128(end), last_byte));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(equal)); mask != 0; mask &= mask - 1) {
      const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
      if (std::memcmp(text.data() + place, needle.data(), needle.size()) == 0) return place;
    }
  }
#endif
  return text.find(needle, at);
}

namespace {

constexpr std::size_t trigram_bits = 4096;  // some 1,200 trigrams are in the keys of 64 KiB of entries

template <typename Visit>
void for_each_trigram(std::string_view text, const Visit& visit) {
  for (std::size_t i = 0; i + 3 <= text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(text[i + at])}; };
    const std::uint32_t hash = (byte(0) << 16 | byte(1) << 8 | byte(2)) * 0x9E3779B1u;
    visit(hash >> (32 - std::countr_zero(trigram_bits)));
  }
}

}  // namespace

Trigrams::Trigrams(std::string_view lines) : bits_(trigram_bits / 64) {
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    for_each_trigram(lines.substr(begin, end - begin),
                     [&](std::uint32_t bit) { bits_[bit / 64] |= std::uint64_t{1} << (bit % 64); });
    begin = end + 1;
  }
}

bool Trigrams::may_hold(std::string_view needle) const {
  bool has_all = true;
  for_each_trigram(needle, [&](std::uint32_t bit) { has_all &= (bits_[bit / 64] >> (bit % 64) & 1) != 0; });
  return has_all;
}

bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  const std::string_view rest_a = a.substr(same);
  const std::string_view rest_b = b.substr(same);
  if (a.size() < b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.size() < 2) return true;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

bool is_typed_with_slip(std::string_view word, std::string_view typed) {
  for (std::size_t size = typed.size() - 1; size <= typed.size() + 1 && size <= word.size(); ++size) {
    if (is_one_slip(typed, word.substr(0, size))) return true;
  }
  return false;
}

// Of a word with one slip in it, one half is as it should be; a swap of neighbours may touch the letter
// before the middle and the one behind it. Halves of two letters are everywhere and are not looked for.
void find_slips(std::string_view lines, std::string_view typed, std::vector<std::size_t>& places,
                const Trigrams* trigrams) {
  constexpr std::size_t half_letters_min = 3;
  const std::size_t half = std::max(half_letters_min, typed.size() / 2);
  for (const std::string_view part :
       {typed.substr(0, half), typed.substr(half + 1), typed.substr(0, half - 1),
        typed.substr(std::min(typed.size(), half + 2))}) {
    if (part.size() < half_letters_min || (trigrams != nullptr && !trigrams->may_hold(part))) continue;
    for (std::size_t at = find_text(lines, part, 0); at != lines.npos; at = find_text(lines, part, at + 1)) {
      std::size_t begin = at;
      // Deeper in its line than in what is typed, and a letter more, the part is of no such word.
      while (begin > 0 && at - begin <= typed.size() && lines[begin - 1] != '\n') --begin;
      if (begin > 0 && lines[begin - 1] != '\n') continue;
      const std::size_t end = lines.find('\n', at);
      if (is_typed_with_slip(lines.substr(begin, end - begin), typed)) places.push_back(at);
    }
  }
}

}  // namespace bibsmith::plugin
