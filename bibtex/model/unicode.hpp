#pragma once

#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// What Unicode says about characters and text. Everything here is pure and callable from any thread; the
// tables are ICU's.

bool is_upper(char32_t code);  // upper or title case
bool is_lower(char32_t code);
bool is_letter(char32_t code);
bool is_mark(char32_t code);  // combining: belongs to the character before it

// The one character that is `base` followed by the combining `mark`, or 0 when Unicode has none.
char32_t compose(char32_t base, char32_t mark);

// A character taken apart by one step: é is e and U+0301, ấ is â and U+0301. mark 0: not composed.
struct Decomposition {
  char32_t base = 0;
  char32_t mark = 0;
};
Decomposition decompose(char32_t code);

// Normalisation form C. Invalid UTF-8 becomes U+FFFD.
std::string nfc(std::string_view text);

// Lower case by Unicode's default folding; invalid UTF-8 becomes U+FFFD.
std::string fold_case(std::string_view text);

// The nearest ASCII: accents dropped (Müller -> Muller), letters spelt (ß -> ss, Ø -> O, þ -> th), other
// scripts romanised by ICU (Иванов -> Ivanov, 山田 -> shan tian). What cannot be written is left out.
std::string to_ascii(std::string_view text);

// The same for Latin letters; other scripts stay as they are, in UTF-8. Needs none of ICU's rules of
// romanisation, which take tens of milliseconds to load.
std::string to_plain_latin(std::string_view text);

}  // namespace bibsmith::bibtex
