#include "bibtex/syntax/huge_pages.hpp"

#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace bibsmith::bibtex {

void advise_huge_pages(void* memory, std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page_bytes = 4096;
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t begin = (address + page_bytes - 1) / page_bytes * page_bytes;
  const std::uintptr_t end = (address + bytes) / page_bytes * page_bytes;
  // Advice only: where it is refused, the memory is as good as before.
  if (begin < end) static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

void reserve_large(std::string& text, std::size_t bytes) {
  text.reserve(bytes);
  if (bytes >= huge_page_bytes) advise_huge_pages(text.data(), text.capacity());
}

std::string copy_of_large(std::string_view text) {
  std::string copy;
  reserve_large(copy, text.size());
  copy = text;
  return copy;
}

}  // namespace bibsmith::bibtex
