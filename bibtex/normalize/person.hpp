#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/model/name.hpp"

namespace bibsmith::bibtex {

// One author's name, given as one string, taken apart. Input and parts are plain Unicode, not LaTeX.
//
// What cannot be known is not guessed: of "Ana García Pérez" the family name is Pérez, since only a source
// that gives parts can say otherwise. [any thread]

// "Ludwig van Beethoven", "van Beethoven, Ludwig", "James M. Valles Jr", "C. -P. Yuan" (mended to "C.-P."),
// "Planck Collaboration" (a literal). An empty text gives an empty Name.
Name person_from_text(std::string_view text);

// The parts as a source gives them, for a family name with its particles in front ("van der Tak").
// Whether the parts need no mending and are a person's: tidy ASCII, a family name of one word that is no
// organisation's, and no particle at the end of the given name.
bool is_name_as_it_stands(std::string_view family, std::string_view given);

Name person_from_parts(std::string_view family, std::string_view given, std::string_view suffix);

// Particles at the end of a given name ("Frank C. van den") go to the front of the family name.
void move_trailing_particles(std::string& given, std::string& family);

// Whether the text names a collaboration, consortium, group or team.
bool names_organisation(std::string_view text);
// The offset of the last word that says so ("Collaboration"), or npos.
std::size_t last_organisation_word(std::string_view text);

// "Jr", "Sr.", "II", "III", "IV": what may stand behind a comma.
bool is_name_suffix(std::string_view word);

// White space collapsed, a space behind the dot of an initial ("S.M." -> "S. M."), hyphenated initials
// joined.
std::string tidy_name(std::string_view text);

}  // namespace bibsmith::bibtex
