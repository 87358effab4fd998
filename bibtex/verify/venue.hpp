#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/venues.hpp"

namespace bibsmith::bibtex {

// The name of a journal, book or conference as such names are compared.
struct VenueText {
  std::string plain;
  std::vector<std::string>
      words;             // those that tell: lower-case ASCII, without "Proceedings of the", years, places
  std::string letters;   // the words, end to end
  std::string initials;  // of the words: "cvpr"
  std::vector<std::string> acronyms;   // of the whole text, in lower case: "CVPR 2022", "(CHI)"
  std::vector<const Venue*> meetings;  // of venues.inc; a volume may be of several
  const JournalName* journal = nullptr;
  bool is_preprint_server = false;  // arXiv, bioRxiv, SSRN, ...
  bool is_series = false;           // "Lecture Notes in Computer Science": it tells nothing of the meeting
  bool is_meeting = false;          // or is called a conference, a workshop, ...
  bool is_journal = false;          // or is called one

  bool empty() const { return plain.empty(); }
  bool is_known() const { return !meetings.empty() || journal != nullptr || is_preprint_server; }
};

// [any thread]
VenueText venue_text(std::string_view text);

enum class VenueMatch : std::uint8_t {
  unknown,  // one of them is empty, a series, or of a kind that cannot be compared
  same,
  kin,       // the journal in which the meeting's papers come out, or the meeting's own
  preprint,  // one is a preprint server, the other is none
  unclear,   // the names have much in common; they may be one venue's
  other,
};

// [any thread]
VenueMatch compare_venues(const VenueText& a, const VenueText& b);

// The years that the name of a meeting tells: "ICLR 2021", "CHI '22", "Thirty-Fifth AAAI Conference",
// "Advances in Neural Information Processing Systems 34". Of a journal: none. [any thread]
std::vector<int> years_in(const VenueText& venue);

}  // namespace bibsmith::bibtex
