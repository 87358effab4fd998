#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/reference_tokens.hpp"

namespace bibsmith::bibtex {

// A journal of the table in a reference: tokens [begin, end) are its name, the locator starts at `end`.
struct FoundJournal {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  const JournalName* row = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
  int year = 0;  // a year that stands before the name
  std::size_t year_token = none;
  std::size_t bracket_begin = 0;  // words in brackets behind the name: "LNCS (Euro-Par 2014) 8632"
  std::size_t bracket_end = 0;
  bool volume_letter = false;  // the first number starts with a letter that is not the journal's
};

// Finds the first name of the table that stands before a number. A capital that is joined to the volume
// belongs to the name where the name with it is in the table (Phys. Lett. B706): the token is cut to its
// digits.
std::optional<FoundJournal> find_journal_in(std::string_view text, ReferenceTokens& tokens);

// The token at which the locator of a reference starts, looking from `from` on: a number that is no ordinal,
// a label with its number, a bracket with a number or a month.
std::size_t locator_begin(std::string_view text, const ReferenceTokens& tokens, std::size_t from);

}  // namespace bibsmith::bibtex
