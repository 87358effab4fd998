#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// The built-in functions of BibTeX that look into a text (bibtex.web; "Designing BibTeX Styles"). They see
// bytes: only ASCII letters have case. A brace at level 0 with a backslash behind it begins a special
// character, which counts as one letter. Pure, total, linear. [any thread]

enum class Case : std::uint8_t {
  title,  // "t": lower, but the first letter and the one behind ": "
  lower,  // "l"
  upper,  // "u"
};

// change.case$: what a style makes of a title. Braced text is kept, and special characters are changed
// inside.
std::string change_case(std::string_view text, Case to);

// purify$: letters, digits and spaces, for sorting.
std::string purify(std::string_view text);

// text.length$: characters, braces not counted.
std::size_t text_length(std::string_view text);

// text.prefix$: the first `count` characters, with the closing braces that they need.
std::string text_prefix(std::string_view text, std::size_t count);

// width$: in hundredths of a point of cmr10.
std::size_t width(std::string_view text);

}  // namespace bibsmith::bibtex
