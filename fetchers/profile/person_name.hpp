#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::fetchers {

// The name of one author of one paper, ready to be compared.
struct PersonName {
  std::string shown;               // as the paper has it: "Jason D. Lee"
  std::string family;              // letters and digits alone, in lower case: "lee"
  std::vector<std::string> given;  // the same, a word each: "jason", "d"; one letter is an initial
  std::string orcid;               // bare
  std::vector<std::string> affiliations;
  bool is_organisation = false;

  friend bool operator==(const PersonName&, const PersonName&) = default;
};

// Fills `family` and `given`. The parts are transliterated to ASCII where that is possible; other letters are
// compared as they stand. "J.D.", "J.-D." and "JD" are two initials. [any thread]
PersonName person_name(std::string_view family, std::string_view given, std::string shown);

// How far two names could be those of one person.
enum class NameAgreement : std::uint8_t {
  none,      // Jason Lee and John Lee, Jason D. Lee and Jason B. Lee
  initials,  // J. D. Lee and Jason D. Lee
  partial,   // Jason Lee and Jason D. Lee
  full,      // the same given names; a middle name may be an initial in one of them
};
NameAgreement compare(const PersonName& a, const PersonName& b);

// Who a co-author is, without more looking: family and first given name, "du, simon"; of initials alone
// "du, s". Empty: an organisation, or no name.
std::string coauthor_key(const PersonName& name);
// Whether the key has a given name and not only an initial.
bool is_full_key(std::string_view key);

}  // namespace bibsmith::fetchers
