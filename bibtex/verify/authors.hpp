#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/verify/person.hpp"

namespace bibsmith::bibtex {

// How the authors that a reference names compare with those of one record.
enum class AuthorsMatch : std::uint8_t {
  unknown,        // one of the lists is empty
  same,           // name by name, in order
  others,         // the reference says "and others", and what it names is right
  record_cut,     // the record leaves off in the middle of the reference's list: it tells nothing of the rest
  record_sorted,  // the same people; the record has them by the alphabet, as some indexes do, the reference
                  // not
  misspelt,       // the same people in order, but for letters of a family name
  order,          // the same people in another order
  cut,            // the reference leaves off where the record goes on, and does not say "and others"
  missing,        // authors of the record are left out between others
  extra,          // all authors of the record, and some that it does not have
  other,          // some, or all, are other people
};

struct AuthorsComparison {
  AuthorsMatch match = AuthorsMatch::unknown;
  std::size_t shared = 0;  // names of the reference that the record has
  std::size_t said = 0;    // names of the reference that were compared
  std::size_t known = 0;   // of the record
  bool first_same = false;
  std::vector<std::size_t> wrong;    // places in the reference: names that the record does not have
  std::vector<std::size_t> missing;  // places in the record: names that the reference does not have

  // At least half of the shorter list is shared.
  bool share_half() const;
  // Nothing in the reference is against the record.
  bool agree() const { return match >= AuthorsMatch::same && match <= AuthorsMatch::record_sorted; }
};

// Longer lists are compared by their first names, and by their length.
inline constexpr std::size_t authors_judged_max = 300;

// [any thread]
AuthorsComparison compare_authors(std::span<const PersonText> said, bool others,
                                  std::span<const PersonText> known);

}  // namespace bibsmith::bibtex
