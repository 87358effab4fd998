#include "bibtex/syntax/structure_mask.hpp"

#include <cassert>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::uint8_t braced_stop = byte_class::brace | byte_class::at;
constexpr std::uint8_t quoted_stop = braced_stop | byte_class::quote;

// Each kernel takes whole words only and writes from word `to` on; the rest of the text comes in a padded
// copy.
void mask_words_scalar(const char* text, std::size_t words, StructureMasks& masks, std::size_t to) {
  for (std::size_t word = to; word < to + words; ++word, text += mask_bytes) {
    std::uint64_t braced = 0;
    std::uint64_t quoted = 0;
    std::uint64_t not_in_name = 0;
    std::uint64_t white_space = 0;
    std::uint64_t odd = 0;
    for (std::size_t i = 0; i < mask_bytes; ++i) {
      const std::uint8_t found = class_of(text[i]);
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((found & braced_stop) != 0) braced |= bit;
      if ((found & quoted_stop) != 0) quoted |= bit;
      if ((found & byte_class::not_in_name) != 0) not_in_name |= bit;
      if ((found & byte_class::white_space) != 0) white_space |= bit;
      if ((found & byte_class::odd) != 0 || static_cast<unsigned char>(text[i]) >= 0x80) odd |= bit;
    }
    masks.braced_stop[word] = braced;
    masks.quoted_stop[word] = quoted;
    masks.not_in_name[word] = not_in_name;
    masks.white_space[word] = white_space;
    masks.odd[word] = odd;
  }
}

#if defined(__x86_64__)

// The bits of `classes` that `wanted` names, as one bit a byte.
__attribute__((target("avx2"))) inline std::uint32_t bits_avx2(__m256i classes, std::uint8_t wanted) {
  const __m256i hit = _mm256_and_si256(classes, _mm256_set1_epi8(static_cast<char>(wanted)));
  const __m256i none = _mm256_cmpeq_epi8(hit, _mm256_setzero_si256());
  return ~static_cast<std::uint32_t>(_mm256_movemask_epi8(none));
}

__attribute__((target("avx2"))) inline std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}

__attribute__((target("avx2"))) void mask_words_avx2(const char* text, std::size_t words,
                                                     StructureMasks& masks, std::size_t to) {
  const __m256i low_table = _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.low.data())));
  const __m256i high_table = _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.high.data())));
  const __m256i nibble = _mm256_set1_epi8(15);
  for (std::size_t word = to; word < to + words; ++word, text += mask_bytes) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    const __m256i classes_a =
        _mm256_and_si256(_mm256_shuffle_epi8(low_table, _mm256_and_si256(a, nibble)),
                         _mm256_shuffle_epi8(high_table, _mm256_and_si256(_mm256_srli_epi16(a, 4), nibble)));
    const __m256i classes_b =
        _mm256_and_si256(_mm256_shuffle_epi8(low_table, _mm256_and_si256(b, nibble)),
                         _mm256_shuffle_epi8(high_table, _mm256_and_si256(_mm256_srli_epi16(b, 4), nibble)));
    masks.braced_stop[word] = join(bits_avx2(classes_a, braced_stop), bits_avx2(classes_b, braced_stop));
    masks.quoted_stop[word] = join(bits_avx2(classes_a, quoted_stop), bits_avx2(classes_b, quoted_stop));
    masks.not_in_name[word] =
        join(bits_avx2(classes_a, byte_class::not_in_name), bits_avx2(classes_b, byte_class::not_in_name));
    masks.white_space[word] =
        join(bits_avx2(classes_a, byte_class::white_space), bits_avx2(classes_b, byte_class::white_space));
    // The class bit `odd` is the sign bit, as is the bit that tells a byte from 0x80 up.
    static_assert(byte_class::odd == 0x80);
    masks.odd[word] = join(static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(a, classes_a))),
                           static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(b, classes_b))));
  }
}

__attribute__((target("avx512f,avx512bw"))) void mask_words_avx512(const char* text, std::size_t words,
                                                                   StructureMasks& masks, std::size_t to) {
  // With a mask of all ones: the plain form trips g++ 12's warning about its own header (GCC bug 105593).
  const __m512i low_table = _mm512_maskz_broadcast_i32x4(
      0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.low.data())));
  const __m512i high_table = _mm512_maskz_broadcast_i32x4(
      0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.high.data())));
  const __m512i nibble = _mm512_set1_epi8(15);
  const __m512i braced = _mm512_set1_epi8(static_cast<char>(braced_stop));
  const __m512i quoted = _mm512_set1_epi8(static_cast<char>(quoted_stop));
  const __m512i not_in_name = _mm512_set1_epi8(static_cast<char>(byte_class::not_in_name));
  const __m512i white_space = _mm512_set1_epi8(static_cast<char>(byte_class::white_space));
  for (std::size_t word = to; word < to + words; ++word, text += mask_bytes) {
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i classes = _mm512_and_si512(
        _mm512_shuffle_epi8(low_table, _mm512_and_si512(bytes, nibble)),
        _mm512_shuffle_epi8(high_table, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble)));
    masks.braced_stop[word] = _mm512_test_epi8_mask(classes, braced);
    masks.quoted_stop[word] = _mm512_test_epi8_mask(classes, quoted);
    masks.not_in_name[word] = _mm512_test_epi8_mask(classes, not_in_name);
    masks.white_space[word] = _mm512_test_epi8_mask(classes, white_space);
    masks.odd[word] = _mm512_movepi8_mask(_mm512_or_si512(bytes, classes));
  }
}

#endif

void mask_words(MaskKernel kernel, const char* text, std::size_t words, StructureMasks& masks,
                std::size_t to) {
  switch (kernel) {
#if defined(__x86_64__)
    case MaskKernel::avx512:
      return mask_words_avx512(text, words, masks, to);
    case MaskKernel::avx2:
      return mask_words_avx2(text, words, masks, to);
#endif
    default:
      return mask_words_scalar(text, words, masks, to);
  }
}

}  // namespace

bool is_available(MaskKernel kernel) {
  switch (kernel) {
#if defined(__x86_64__)
    case MaskKernel::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    case MaskKernel::avx2:
      return __builtin_cpu_supports("avx2");
#endif
    default:
      return kernel == MaskKernel::scalar;
  }
}

MaskKernel best_kernel() {
  for (const MaskKernel kernel : {MaskKernel::avx512, MaskKernel::avx2}) {
    if (is_available(kernel)) return kernel;
  }
  return MaskKernel::scalar;
}

void compute_masks(MaskKernel kernel, std::string_view text, StructureMasks& masks) {
  assert(is_available(kernel));
  assert(text.size() <= window_words * mask_bytes);
  std::size_t words = text.size() / mask_bytes;
  const std::size_t rest = text.size() % mask_bytes;
  mask_words(kernel, text.data(), words, masks, 0);
  if (rest != 0) {
    // A letter has no class, so the padding sets no bit.
    char padded[mask_bytes];
    std::memset(padded, 'x', sizeof padded);
    std::memcpy(padded, text.data() + words * mask_bytes, rest);
    mask_words(kernel, padded, 1, masks, words);
    ++words;
  }
  for (auto* mask :
       {&masks.braced_stop, &masks.quoted_stop, &masks.not_in_name, &masks.white_space, &masks.odd}) {
    (*mask)[words] = 0;
  }
}

}  // namespace bibsmith::bibtex
