#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/name.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// One author as authors are compared: the words of the name in lower-case ASCII, given names first. Initials
// are words of one letter; particles, "Jr" and the numbers by which DBLP tells namesakes apart are left out.
struct PersonText {
  std::vector<std::string> words;
  std::string letters;        // the words, end to end
  std::string sort_name;      // the last word as it is written ("okondareyes"), by which lists are sorted
  std::size_t place = 0;      // in the list that it is of
  bool is_literal = false;    // an organisation
  bool knows_family = false;  // the last word is the family name, or the end of it
};

PersonText person_text(const Name& name);
PersonText person_text(const Author& author);

enum class PersonMatch : std::uint8_t {
  other,
  variant,   // the family name and how the given names begin are one's: "Misha" and "Mikhail"
  misspelt,  // the same person surely, but for a letter or two of the family name
  same,
};

// Whether two names can be one person's. Initials stand for names that begin so; a name left out, order
// ("Wang Wei"), accents, transliteration ("Müller", "Mueller"), hyphens and short forms ("Bill", "Jeff") do
// not count. [any thread]
PersonMatch compare_persons(const PersonText& a, const PersonText& b);

}  // namespace bibsmith::bibtex
