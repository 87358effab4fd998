#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// One conference of venues.inc. The views are into static storage.
struct Venue {
  // What counts the meetings or the volumes, as a line through the years.
  enum class Count : std::uint8_t { none, ordinal, roman, volume };

  std::string_view key;        // "ICML"
  std::string_view booktitle;  // "{ord}" stands for "41st", where the meetings are counted
  std::string_view series;     // of all years from series_since on
  std::int16_t series_since = 0;
  Count count = Count::none;
  std::int16_t zero_year = 0;   // meeting n was in zero_year + n
  std::int16_t first_year = 0;  // the rule holds from this year on: before, meetings were not yearly
  bool journal = false;         // TACL, PVLDB, TMLR: the venue is a journal
};

// By key or alias ("NIPS"), in any case, with or without the year attached ("ICML'24", "EMNLP2018").
// nullptr: unknown. [any thread]
const Venue* find_venue(std::string_view name);

// The conference whose booktitle `text` is, with or without "Proceedings of the" and the ordinal.
const Venue* find_venue_title(std::string_view text);

// All of them, in the order of venues.inc.
std::span<const Venue> all_venues();

// The number of the meeting or volume in `year`; 0: the rule says nothing.
int venue_count(const Venue& venue, int year);

// The booktitle of the meeting in `year` (0: unknown), with its ordinal where the rule gives one.
std::string venue_booktitle(const Venue& venue, int year);

// The series in which the papers of `year` came out, or "".
std::string_view venue_series(const Venue& venue, int year);

// "1st", "2nd", "3rd", "11th", "21st".
std::string ordinal(int number);

}  // namespace bibsmith::bibtex
