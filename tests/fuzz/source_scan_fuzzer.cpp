// Scanning a source never reads outside of it, and what it finds lies in order inside the text: keys of all
// six formats. The first byte chooses the format.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugin/latex/source_scan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using bibsmith::plugin::SourceFormat;
  if (size == 0) return 0;
  const auto format = static_cast<SourceFormat>(data[0] % 6);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto scan = bibsmith::plugin::scan_source(text, format);
  std::uint32_t last = 0;
  for (const auto& span : scan.keys) {
    if (span.begin < last || span.end <= span.begin || span.end > text.size()) std::abort();
    last = span.end;
  }
  for (const auto& span : scan.defined) {
    if (span.end < span.begin || span.end > text.size()) std::abort();
  }
  for (const auto& file : scan.files) {
    if (file.name.empty()) std::abort();
  }
  return 0;
}
