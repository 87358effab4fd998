#include "bibtex/syntax/structure_mask.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/hot_code.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::uint8_t stop_classes = byte_class::brace | byte_class::at | byte_class::quote;

// What a kernel has done so far.
struct Output {
  StructureMasks* masks;
  std::uint32_t* stop;
  std::uint32_t begin;  // of the next word in the whole text
  std::size_t word = 0;
  std::uint64_t odd = 0;
};

// What follows from the other masks of the words from `first` on: apart, for it is done for several at once.
BIBSMITH_HOT void finish_words(std::size_t first, Output& out) {
  StructureMasks& masks = *out.masks;
  const auto begins = [&masks](std::size_t i, std::uint64_t is_behind) {
    return (masks.not_in_name[i] | masks.not_in_name[i] << 1 | is_behind) & masks.not_white_space[i];
  };
  for (std::size_t i = std::max<std::size_t>(first, 1); i < out.word; ++i) {
    masks.begins[i] = begins(i, masks.not_in_name[i - 1] >> (mask_bytes - 1));
  }
  if (first == 0) masks.begins[0] = begins(0, 1);
  for (std::size_t i = first; i < out.word; ++i) out.odd |= masks.odd[i];
}

// Each kernel takes whole words only; the rest of the text comes in a padded copy.
void mask_words_scalar(const char* text, std::size_t words, Output& out) {
  const std::size_t first = out.word;
  for (; words != 0; --words, text += mask_bytes) {
    StructureMasks& masks = *out.masks;
    const auto bits = [text](auto holds) {
      std::uint64_t found = 0;
      for (std::size_t i = 0; i < mask_bytes; ++i) found |= std::uint64_t{holds(text[i])} << i;
      return found;
    };
    const auto bits_of = [bits](std::uint8_t classes) {
      return bits([classes](char c) { return (class_of(c) & classes) != 0; });
    };
    std::uint64_t stops = bits_of(stop_classes);
    masks.stop[out.word] = stops;
    masks.equals[out.word] = bits_of(byte_class::equals);
    masks.not_in_name[out.word] = bits_of(byte_class::not_in_name);
    masks.not_white_space[out.word] = ~bits_of(byte_class::white_space);
    masks.odd[out.word] =
        bits([](char c) { return ((class_of(c) | static_cast<unsigned char>(c)) & 0x80) != 0; });
    for (; stops != 0; stops &= stops - 1) {
      *out.stop++ = out.begin + static_cast<std::uint32_t>(std::countr_zero(stops));
    }
    ++out.word;
    out.begin += mask_bytes;
  }
  finish_words(first, out);
}

// The class bit `odd` is the sign bit, as is the bit that tells a byte from 0x80 up.
static_assert(byte_class::odd == 0x80);

#if defined(__x86_64__)

// Text is fetched this far ahead: by the time that the masks of a window are walked, the next one is near.
constexpr std::size_t prefetch_bytes = std::size_t{window_words} * mask_bytes;

inline void prefetch(const char* text) {
  // Only an address: it may lie behind the text.
  BIBSMITH_PREFETCH(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(text) + prefetch_bytes));
}

struct Halves {
  __m256i low;
  __m256i high;
};

__attribute__((target("avx2"))) inline std::uint64_t sign_bits(const Halves& a) {
  const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(a.low));
  const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(a.high));
  return static_cast<std::uint64_t>(high) << 32 | low;
}

__attribute__((target("avx2"))) inline std::uint64_t bits_equal(const Halves& a, char wanted) {
  const __m256i all = _mm256_set1_epi8(wanted);
  return sign_bits({_mm256_cmpeq_epi8(a.low, all), _mm256_cmpeq_epi8(a.high, all)});
}

// Which bytes are of none of the classes that `unwanted` names.
__attribute__((target("avx2"))) inline std::uint64_t bits_without(const Halves& classes,
                                                                  std::uint8_t unwanted) {
  const __m256i all = _mm256_set1_epi8(static_cast<char>(unwanted));
  return bits_equal({_mm256_and_si256(classes.low, all), _mm256_and_si256(classes.high, all)}, 0);
}

// A shuffle takes the low nibble of a byte, and gives nothing for one from 0x80 up, which has no class.
__attribute__((target("avx2"))) inline __m256i classes_of(__m256i bytes, __m256i low_table,
                                                          __m256i high_table) {
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
  return _mm256_and_si256(_mm256_shuffle_epi8(low_table, bytes), _mm256_shuffle_epi8(high_table, high));
}

// Writes the places of the set bits, and up to seven more that mean nothing: a fixed number costs no
// misprediction.
__attribute__((target("avx2,bmi,bmi2,popcnt"))) inline void write_stops(std::uint64_t stops, Output& out) {
  constexpr std::uint32_t batch = 8;
  std::uint32_t* stop = out.stop;
  out.stop += std::popcount(stops);
  do {
    for (std::uint32_t i = 0; i < batch; ++i, stops &= stops - 1) {
      stop[i] = out.begin + static_cast<std::uint32_t>(_tzcnt_u64(stops));
    }
    stop += batch;
  } while (stops != 0);
}

__attribute__((target("avx2,bmi,bmi2,popcnt"))) void mask_words_avx2(const char* text, std::size_t words,
                                                                     Output& given) {
  const __m256i low_table = _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.low.data())));
  const __m256i high_table = _mm256_broadcastsi128_si256(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.high.data())));
  Output out = given;
  for (; words != 0; --words, text += mask_bytes) {
    prefetch(text);
    const Halves bytes{_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                       _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    const Halves classes{classes_of(bytes.low, low_table, high_table),
                         classes_of(bytes.high, low_table, high_table)};
    StructureMasks& masks = *out.masks;
    const std::uint64_t stops = ~bits_without(classes, stop_classes);
    masks.stop[out.word] = stops;
    masks.equals[out.word] = bits_equal(bytes, '=');
    masks.not_in_name[out.word] = ~bits_without(classes, byte_class::not_in_name);
    masks.not_white_space[out.word] = bits_without(classes, byte_class::white_space);
    masks.odd[out.word] =
        sign_bits({_mm256_or_si256(bytes.low, classes.low), _mm256_or_si256(bytes.high, classes.high)});
    write_stops(stops, out);
    ++out.word;
    out.begin += mask_bytes;
  }
  finish_words(given.word, out);
  given = out;
}

// All places at once: the numbers 0 to 63 are compressed to those whose bit is set.
__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) inline void write_stops_avx512(__mmask64 stops,
                                                                                              __m512i begin,
                                                                                              Output& out) {
  alignas(64) static constexpr std::array<std::uint8_t, 64> numbers = [] {
    std::array<std::uint8_t, 64> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
    return all;
  }();
  constexpr int batch = 16;
  __m512i places = _mm512_maskz_compress_epi8(stops, _mm512_load_si512(numbers.data()));
  const int count = std::popcount(std::uint64_t{stops});
  for (int done = 0;;) {
    const __m512i wide = _mm512_maskz_cvtepu8_epi32(0xFFFF, _mm512_maskz_extracti32x4_epi32(0xF, places, 0));
    _mm512_storeu_si512(out.stop + done, _mm512_maskz_add_epi32(0xFFFF, wide, begin));
    done += batch;
    if (done >= count) break;
    places = _mm512_maskz_alignr_epi64(0xFF, places, places, 2);
  }
  out.stop += count;
}

__attribute__((target("avx512f,avx512bw"))) inline __m512i all_avx512(int byte) {
  return _mm512_set1_epi8(static_cast<char>(byte));
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) void mask_words_avx512(const char* text,
                                                                                      std::size_t words,
                                                                                      Output& given) {
  // With a mask of all ones: the plain form trips g++ 12's warning about its own header (GCC bug 105593).
  const __m512i low_table = _mm512_maskz_broadcast_i32x4(
      0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.low.data())));
  const __m512i high_table = _mm512_maskz_broadcast_i32x4(
      0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(nibble_tables.high.data())));
  const __m512i nibble = all_avx512(15);
  const __m512i stop = all_avx512(stop_classes);
  const __m512i equals = all_avx512(byte_class::equals);
  const __m512i not_in_name = all_avx512(byte_class::not_in_name);
  const __m512i white_space = all_avx512(byte_class::white_space);
  const __m512i step = _mm512_set1_epi32(mask_bytes);
  __m512i begin = _mm512_set1_epi32(static_cast<int>(given.begin));
  Output out = given;
  for (; words != 0; --words, text += mask_bytes) {
    prefetch(text);
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i classes = _mm512_and_si512(
        _mm512_shuffle_epi8(low_table, bytes),
        _mm512_shuffle_epi8(high_table, _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble)));
    StructureMasks& masks = *out.masks;
    const __mmask64 stops = _mm512_test_epi8_mask(classes, stop);
    masks.stop[out.word] = stops;
    masks.equals[out.word] = _mm512_test_epi8_mask(classes, equals);
    masks.not_in_name[out.word] = _mm512_test_epi8_mask(classes, not_in_name);
    masks.not_white_space[out.word] = _mm512_testn_epi8_mask(classes, white_space);
    masks.odd[out.word] = _mm512_movepi8_mask(_mm512_or_si512(bytes, classes));
    write_stops_avx512(stops, begin, out);
    begin = _mm512_maskz_add_epi32(0xFFFF, begin, step);
    ++out.word;
    out.begin += mask_bytes;
  }
  finish_words(given.word, out);
  given = out;
}

#endif

void mask_words(MaskKernel kernel, const char* text, std::size_t words, Output& out) {
  switch (kernel) {
#if defined(__x86_64__)
    case MaskKernel::avx512:
      return mask_words_avx512(text, words, out);
    case MaskKernel::avx2:
      return mask_words_avx2(text, words, out);
#endif
    default:
      return mask_words_scalar(text, words, out);
  }
}

}  // namespace

bool is_available(MaskKernel kernel) {
  switch (kernel) {
#if defined(__x86_64__)
    case MaskKernel::avx512:
      return is_available(MaskKernel::avx2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
    case MaskKernel::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
             __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
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

void compute_masks(MaskKernel kernel, std::string_view text, std::uint32_t begin, StructureMasks& masks) {
  assert(is_available(kernel));
  assert(text.size() <= window_words * mask_bytes);
  const std::size_t words = text.size() / mask_bytes;
  const std::size_t rest = text.size() % mask_bytes;
  Output out{.masks = &masks, .stop = masks.stops.data(), .begin = begin};
  mask_words(kernel, text.data(), words, out);
  if (rest != 0) {
    // A letter has no class, so the padding sets no bit but one.
    char padded[mask_bytes];
    std::memset(padded, 'x', sizeof padded);
    std::memcpy(padded, text.data() + words * mask_bytes, rest);
    mask_words(kernel, padded, 1, out);
    masks.not_white_space[words] &= ~(~std::uint64_t{0} << rest);
    masks.begins[words] &= ~(~std::uint64_t{0} << rest);
  }
  for (Mask* mask :
       {&masks.stop, &masks.equals, &masks.not_in_name, &masks.not_white_space, &masks.odd, &masks.begins}) {
    (*mask)[out.word] = (*mask)[out.word + 1] = 0;
  }
  masks.has_odd = out.odd != 0;
  masks.stop_count = static_cast<std::uint32_t>(out.stop - masks.stops.data());
}

}  // namespace bibsmith::bibtex
