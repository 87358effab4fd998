#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/normalize/reference_tokens.hpp"

namespace bibsmith::bibtex {

// A title of proceedings or of a book at the front of a reference, which may hold commas, numbers and years.
struct BookTitle {
  std::string title;    // without lead-in, quotes and trailing punctuation
  std::size_t end = 0;  // the token behind it
  int year = 0;         // a year in the title: "(SoCG 2011)", "ECOOP'11"
};

// Reads the title that starts at token `from` and ends before `to`; marks its tokens.
BookTitle read_book_title(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to);

// Finds a publisher among the comma-separated parts of tokens [from, to), marks it and returns it.
std::string take_publisher(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to);

}  // namespace bibsmith::bibtex
