#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// The vocabulary of references, in English, French, German, Italian, Spanish and Russian. Words are compared
// without regard to ASCII case. [any thread]

// What the number behind a word is.
enum class NumberLabel : std::uint8_t {
  none,
  volume,
  number,
  pages,
  page_letter,  // "p", "s", "c": pages when a number follows
  article,
  year,
  ignored,  // "part", "series", "ch": a number that is no part of Publication
};
NumberLabel number_label(std::string_view word);

// 1..12, or 0: "January", "Jan", "janvier", "Januar", "января". Also the first of "Jan/Feb".
int month_number(std::string_view word);

// "pp", "pages", "p": behind a number, that number counts pages.
bool counts_pages(std::string_view word);

// "XXIII"; capitals only, and no single I, V, X, L, C, D, M, which are letters of journals.
bool is_roman_number(std::string_view word);

bool is_year(std::string_view digits);  // "1850" to "2099"
int to_int(std::string_view digits);    // at most nine digits, else 0

// A country, a state or a city that conferences are in: the whole of `text`.
bool is_place(std::string_view text);

// Whether `text` names a publisher: one that is known, or any "… Press" and "… Verlag".
bool is_publisher(std::string_view text);

// The kind of meeting or volume that the words speak of.
bool has_conference_word(std::string_view text);
bool has_journal_word(std::string_view text);

// Whether `word` stands in `text` as a word of its own. Both in lower case.
bool has_word(std::string_view text, std::string_view word);

}  // namespace bibsmith::bibtex
