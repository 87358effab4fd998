#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bibsmith {

// A calendar day of which the month, or the day, may be unknown. year 0: nothing is known.
struct Date {
  std::int16_t year = 0;
  std::uint8_t month = 0;  // 1..12; 0: unknown
  std::uint8_t day = 0;    // 1..31; 0: unknown

  bool known() const { return year != 0; }
  // ISO 8601 as far as it is known: "2017-06-12", "2017-06", "2017", "".
  std::string iso() const;
  // Reads what iso() writes and RFC 3339 times ("2017-06-12T17:57:34Z": the day). nullopt for anything
  // else, impossible days included.
  static std::optional<Date> parse(std::string_view text);

  friend auto operator<=>(const Date&, const Date&) = default;
};

}  // namespace bibsmith
