#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "bibtex/syntax/structure_mask.hpp"

namespace bibsmith::bibtex {

// What the bytes of 64 are in UTF-8, a bit each. Letters of two and three bytes only, and of these no first
// byte that allows but some seconds (E0, ED): the rest is rare and looked at one by one.
struct Utf8Word {
  std::uint64_t first_of_two = 0;    // C2 to DF
  std::uint64_t first_of_three = 0;  // E1 to EF without ED
  std::uint64_t follows = 0;         // 80 to BF
};

inline Utf8Word utf8_word(const char* text) {
  Utf8Word word;
#if defined(__x86_64__)
  // SSE2, which every such processor has. Bytes from 0x80 up are negative numbers there.
  const auto all = [](int byte) { return _mm_set1_epi8(static_cast<char>(byte)); };
  const auto bits = [](__m128i found, std::size_t at) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(found))) << at;
  };
  for (std::size_t at = 0; at < mask_bytes; at += sizeof(__m128i)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at));
    const auto between = [&](int low, int high) {
      return _mm_and_si128(_mm_cmpgt_epi8(bytes, all(low - 1)), _mm_cmplt_epi8(bytes, all(high + 1)));
    };
    word.first_of_two |= bits(between(0xC2, 0xDF), at);
    word.first_of_three |= bits(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, all(0xED)), between(0xE1, 0xEF)), at);
    word.follows |= bits(_mm_cmplt_epi8(bytes, all(0xC0)), at);
  }
#else
  for (std::size_t at = 0; at < mask_bytes; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto bit = [at](bool is_set) { return std::uint64_t{is_set} << at; };
    word.first_of_two |= bit(byte >= 0xC2 && byte <= 0xDF);
    word.first_of_three |= bit(byte >= 0xE1 && byte <= 0xEF && byte != 0xED);
    word.follows |= bit(byte >= 0x80 && byte <= 0xBF);
  }
#endif
  return word;
}

// Of the bytes `odd` among 64, those that are still to be looked at: none where all are letters of two or
// three bytes, or the first bytes of one that goes on behind the 64; else all.
inline std::uint64_t unusual_in_utf8(const char* text, std::uint64_t odd) {
  const Utf8Word word = utf8_word(text);
  const std::uint64_t follows = word.follows & odd;
  const std::uint64_t first = (word.first_of_two | word.first_of_three) & odd;
  const std::uint64_t wanted = first << 1 | (word.first_of_three & odd) << 2;
  if (follows != wanted || (first | follows) != odd) return odd;
  const std::uint64_t open = (first >> 63 << 63) | (word.first_of_three >> 62 << 62 & odd);
  return odd & (0 - (open & (0 - open)));  // from the first of these bits on
}

}  // namespace bibsmith::bibtex
