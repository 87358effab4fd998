// Any parts: BibTeX reads a written name as the parts that were meant; any list of names is split without
// loss.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/name.hpp"

using namespace bibsmith::bibtex;

namespace {

// The braces that format_name puts around a whole part.
std::string_view without_braces(std::string_view part) {
  if (part.size() < 2 || part.front() != '{' || part.back() != '}') return part;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '{') ++depth;
    if (part[i] == '}') --depth;
    if (depth == 0 && i + 1 < part.size()) return part;
  }
  return part.substr(1, part.size() - 2);
}

bool has_brace_or_white(std::string_view part) {
  return part.find_first_of("{} \t\r\n") != std::string_view::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const Name read = parse_name(text);
  const std::string written = format_name(read);
  if (format_name(parse_name(written)) != written) __builtin_trap();
  // In biblatex's extended format any text may be a part; what is written of it is one name for BibTeX.
  if (const auto extended = parse_extended_name(text)) {
    const std::string usual = format_name(*extended);
    if (!usual.empty() && split_names("A and " + usual + " and B").size() != 3) __builtin_trap();
  }
  std::size_t bytes = 0;
  for (const std::string_view name : split_names(text)) bytes += name.size();
  if (bytes > size) __builtin_trap();

  // Four parts, separated by line ends.
  std::array<std::string, 4> parts;
  std::size_t part = 0;
  for (const char c : text) {
    if (c == '\n' && part + 1 < parts.size()) {
      ++part;
    } else {
      parts[part] += c;
    }
  }
  for (const std::string& one : parts) {
    if (has_brace_or_white(one)) return 0;  // may be changed on purpose: balanced, trimmed
  }
  const Name meant{parts[0], "", parts[1], parts[2], ""};
  if (meant.given.empty() || meant.family.empty()) return 0;
  const std::string field = format_name(meant);
  if (split_names("A and " + field + " and B").size() != 3) __builtin_trap();
  const Name back = parse_name(field);
  if (without_braces(back.given) != meant.given || without_braces(back.family) != meant.family)
    __builtin_trap();
  if (without_braces(back.suffix) != meant.suffix || !back.prefix.empty()) __builtin_trap();
  return 0;
}
