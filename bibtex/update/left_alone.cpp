#include "bibtex/update/left_alone.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::string_view marker = "% bibsmith: keep";

// A line of its own before the entry: real BibTeX and every other tool take it for junk.
bool is_marked(const Document& document, const Block& entry) {
  std::string_view before = std::string_view(document.text()).substr(0, entry.span.begin);
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t')) before.remove_suffix(1);
  if (!before.ends_with('\n') && !before.ends_with('\r')) return false;
  while (!before.empty() && (before.back() == '\n' || before.back() == '\r' || before.back() == ' '))
    before.remove_suffix(1);
  return before.ends_with(marker);
}

}  // namespace

bool is_opted_out(const Document& document, const Macros& macros, const Block& entry) {
  return equal_ignoring_case(macros.field_text(document, entry, "bibsmith"), "keep") ||
         is_marked(document, entry);
}

std::set<std::uint32_t> broken_blocks(const Document& document) {
  std::set<std::uint32_t> broken;
  for (const Finding& finding : document.findings()) {
    // What programs disagree about is no matter as long as it is clear where each value ends.
    constexpr std::array unclear = std::to_array<std::string_view>(
        {"syntax.missing-close", "syntax.wrong-close", "syntax.unclosed-value", "syntax.unbalanced-braces",
         "syntax.missing-key", "syntax.missing-equals", "syntax.name-too-long", "syntax.deep-nesting",
         "syntax.utf-16", "syntax.too-large"});
    if (std::find(unclear.begin(), unclear.end(), code_of(finding.problem)) == unclear.end() ||
        document.text().empty())
      continue;
    const std::uint32_t at =
        std::min<std::uint32_t>(finding.span.begin, static_cast<std::uint32_t>(document.text().size()) - 1);
    broken.insert(document.block_at(at).index);
  }
  return broken;
}

}  // namespace bibsmith::bibtex
