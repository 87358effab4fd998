#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

enum class LetterCase : std::uint8_t { lower, upper, capitalized };

// How the entries of a .bib file look. The defaults are the look of a new file:
//
//   @misc{key,
//     author        = {...},
//     archiveprefix = {arXiv},
//   }
struct Style {
  LetterCase type_case = LetterCase::lower;
  LetterCase name_case = LetterCase::lower;
  bool has_fields_on_lines = true;         // each on its own; else all on the line of the key
  std::string indent = "  ";               // before a field name
  std::uint32_t equals_column = 14;        // of '=', from the start of the name; 0: not aligned
  std::uint32_t value_column = 0;          // of the value, likewise; used where '=' is not aligned
  std::uint32_t blanks_before_equals = 1;  // the least number
  std::uint32_t blanks_after_equals = 1;
  bool has_quotes = false;         // "value", and not {value}
  bool has_bare_numbers = false;   // 1999, and not {1999}
  bool has_trailing_comma = true;  // after the last field
  bool has_close_on_line = true;   // the closing brace stands on its own line
  std::string close_indent;
  std::uint32_t blank_lines = 1;  // between entries
  std::string line_end = "\n";

  friend bool operator==(const Style&, const Style&) = default;
};

// The look that most entries of the document have; of a large document a sample is measured. What the
// document does not show keeps its default.
Style measure_style(const Document& document);

// The look of one entry; what it does not show comes from `rest`.
Style measure_entry_style(const Document& document, const Block& entry, const Style& rest);

// `word` in the case that the style wants for entry types or field names.
std::string in_case(std::string_view word, LetterCase letter_case);

}  // namespace bibsmith::bibtex
