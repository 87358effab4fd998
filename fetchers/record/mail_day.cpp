#include "fetchers/record/mail_day.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace bibsmith {

Date mail_day(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<std::string_view, 3> parts;  // day, month, year
  if (const std::size_t comma = text.find(','); comma != text.npos) text.remove_prefix(comma + 1);
  for (std::string_view& part : parts) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    part = text.substr(0, text.find(' '));
    text.remove_prefix(part.size());
  }
  const auto month = std::ranges::find(months, parts[1]);
  if (month == months.end() || parts[0].empty() || parts[0].size() > 2) return {};
  // Date::parse refuses what is no day.
  const auto number = static_cast<int>(month - months.begin()) + 1;
  std::string iso(parts[2]);
  iso += number < 10 ? "-0" : "-";
  iso += std::to_string(number);
  iso += parts[0].size() == 1 ? "-0" : "-";
  iso += parts[0];
  return Date::parse(iso).value_or(Date{});
}

}  // namespace bibsmith
