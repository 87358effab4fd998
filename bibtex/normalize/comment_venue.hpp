#pragma once

#include <cstddef>
#include <string_view>

#include "bibtex/normalize/journal_names.hpp"

namespace bibsmith::bibtex {

// The end of the venue's name that starts at `at` in a comment: punctuation, a bracket that holds more than
// an acronym, "on 12 May", "as a poster", "with". Stops and commas inside the names of journals of the table
// do not end it. `lowered` is `plain` in lower case.
std::size_t venue_end(std::string_view plain, std::string_view lowered, std::size_t at);

// The journal before the numbers: "JHEP 0706:065,2007", "Phys. Rev. D 76, 013009".
const JournalName* journal_at_front(std::string_view name);

}  // namespace bibsmith::bibtex
