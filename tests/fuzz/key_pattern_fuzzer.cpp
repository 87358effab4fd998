// A pattern on the first line, an entry below it: a pattern that is taken gives keys that bibtex takes; the
// keys that a TeX source cites lie in it, one after the other.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/key_pattern.hpp"
#include "plugin/latex/citation_scan.hpp"

using namespace bibsmith::bibtex;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::uint32_t end = 0;
  for (const Span& key : bibsmith::plugin::cited_keys(input)) {
    if (key.begin < end || key.end > size || key.empty()) __builtin_trap();
    end = key.end;
  }

  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  const auto pattern = KeyPattern::parse(input.substr(0, line));
  if (!pattern) {
    if (pattern.error().offset > line || pattern.error().message.empty()) __builtin_trap();
    return 0;
  }
  const Document document = Document::parse(std::string(input.substr(line + 1)));
  const Macros macros(document);
  for (const Block& block : document.entries()) {
    const std::string key = pattern->key(resolve_entry(document, macros, block, Dialect::biblatex));
    if (std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c >= 0x7F; })) __builtin_trap();
    if (key.find_first_of("{}(),=\"#%~'\\") != std::string::npos) __builtin_trap();
  }
  return 0;
}
