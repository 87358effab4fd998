#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bibsmith::bibtex {

// Where the bytes that matter stand in 64 bytes of text: bit i speaks of byte i.
struct StructureMask {
  std::uint64_t braced_stop = 0;  // { } @
  std::uint64_t quoted_stop = 0;  // { } @ "
  std::uint64_t not_in_name = 0;  // what ends a name
  std::uint64_t white_space = 0;  // space, tab, line feed, carriage return
  std::uint64_t odd = 0;          // bytes from 0x80 up and some control bytes: encoding is checked there

  friend bool operator==(const StructureMask&, const StructureMask&) = default;
};

inline constexpr std::uint32_t mask_bytes = 64;

// The ways to compute masks. All give the same result; which ones exist depends on the processor.
enum class MaskKernel : std::uint8_t { scalar, avx2, avx512 };

bool is_available(MaskKernel kernel);
MaskKernel best_kernel();

// Fills one mask for each 64 bytes of `text`, the last one for what is left; bits past the end are clear.
// `masks` must hold (text.size() + 63) / 64 of them, and the kernel must be available.
void compute_masks(MaskKernel kernel, std::string_view text, std::span<StructureMask> masks);

}  // namespace bibsmith::bibtex
