#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// A year, a month of it or a day, or a season: what biblatex calls a date part (manual, section 2.3.8).
struct DatePart {
  std::int32_t year = 0;   // astronomical: 0 is 1 BC
  std::uint8_t month = 0;  // 1 to 12; 21 to 24: spring, summer, autumn, winter; 0: unknown
  std::uint8_t day = 0;    // 0: unknown
  bool approximate = false;
  bool uncertain = false;

  friend bool operator==(const DatePart&, const DatePart&) = default;
};

// One date, or a range of which one end may be open ("2001/", "/2001") or unknown.
struct DateValue {
  std::optional<DatePart> begin;
  std::optional<DatePart> end;
  bool is_range = false;

  friend bool operator==(const DateValue&, const DateValue&) = default;
};

// A `date` field: the profile of EDTF that biblatex takes (ISO 8601-2, level 1: year, year-month,
// year-month-day with an optional time, seasons, '?', '~', '%', trailing X, ranges with '/'). nullopt: it is
// none, or there is no such day. [any thread]
std::optional<DateValue> parse_date(std::string_view text);

// The month that a word or number names: "3", "03", "mar", "March", "Mar."; 0: none.
std::uint8_t parse_month(std::string_view text);

// The date of an entry without macros (see resolve_entry): `date`, else `year` with `month` and `day`. A
// `year` counts when it begins with four digits, whatever follows ("1998/99").
std::optional<DateValue> entry_date(const Entry& entry);

}  // namespace bibsmith::bibtex
