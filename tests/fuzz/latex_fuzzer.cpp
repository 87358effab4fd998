// Any text: what is written as LaTeX reads back, is balanced and is plain ASCII but for what is reported;
// reading and normalizing are stable.

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/model/bibtex_text.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"

using namespace bibsmith::bibtex;

namespace {

bool is_balanced(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return false;
  }
  return depth == 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const std::string read = to_unicode(text, size % 2 == 0 ? MathReading::keep : MathReading::convert);
  const LatexText written = to_latex(text);
  if (!is_balanced(written.text)) __builtin_trap();
  if (written.unwritable.empty()) {
    if (!is_ascii(written.text)) __builtin_trap();
    // What was dropped or folded (soft hyphens, ’ for ') is gone after one round.
    const std::string once = to_unicode(written.text);
    const LatexText again = to_latex(once);
    if (again.unwritable.empty() && to_unicode(again.text) != once) __builtin_trap();
  }
  const std::string letters = accents_to_unicode(text);
  if (is_ascii(encode_latex(text).text) != encode_latex(text).unwritable.empty()) __builtin_trap();
  if (encode_latex(letters).text.empty() && !letters.empty() && is_ascii(letters)) __builtin_trap();

  for (const Case to : {Case::title, Case::lower, Case::upper}) change_case(text, to);
  if (change_case(text, Case::lower).size() != text.size()) __builtin_trap();
  purify(text);
  width(text);
  if (text_length(text_prefix(text, 3)) > 3) __builtin_trap();
  to_ascii(text);
  if (!is_ascii(to_ascii(read))) __builtin_trap();
  return 0;
}
