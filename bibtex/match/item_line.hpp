#pragma once

#include <string>
#include <string_view>

#include "bibtex/match/reading_list.hpp"

namespace bibsmith::bibtex {

// A line of a list of titles: bullets, numbers, quotation marks and a stop at the end are no part of the
// title; an identifier anywhere, and a year in parentheses or behind a comma at the end, are taken out.
// Columns between tabs ("id, year, authors, title", as `bibsmith search` prints them) are read as such. [any
// thread]
ReadingItem read_title_line(std::string_view line);

// One reference without its number ("A. Author and B. Author. The title. In Proc. X, 2017.") in the usual
// styles: quoted titles; authors, then a year, then the title; sentences. The title is empty where the
// reference has none. [any thread]
ReadingItem read_reference(std::string_view reference);

// The length of the number that begins a reference ("[12] ", "12. ", "(12) "), or 0. [any thread]
std::size_t reference_number(std::string_view line);

}  // namespace bibsmith::bibtex
