#include "fetchers/record/date.hpp"

#include <chrono>

#include "fetchers/record/ascii.hpp"

namespace bibsmith {

namespace {

void append_padded(std::string& out, int value, int width) {
  const std::string digits = std::to_string(value);
  out.append(
      static_cast<std::size_t>(width) > digits.size() ? static_cast<std::size_t>(width) - digits.size() : 0,
      '0');
  out += digits;
}

// Exactly `width` digits at the front of `text`, which are consumed.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (!is_digit(c)) return std::nullopt;
    value = 10 * value + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

}  // namespace

std::string Date::iso() const {
  std::string out;
  if (!known()) return out;
  append_padded(out, year, 4);
  if (month == 0) return out;
  out += '-';
  append_padded(out, month, 2);
  if (day == 0) return out;
  out += '-';
  append_padded(out, day, 2);
  return out;
}

std::optional<Date> Date::parse(std::string_view text) {
  Date date;
  const auto year = take_digits(text, 4);
  if (!year || *year == 0) return std::nullopt;
  date.year = static_cast<std::int16_t>(*year);
  if (text.empty()) return date;

  if (text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto month = take_digits(text, 2);
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  date.month = static_cast<std::uint8_t>(*month);
  if (text.empty()) return date;

  if (text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{*year},
                                        std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok()) return std::nullopt;
  date.day = static_cast<std::uint8_t>(*day);
  if (text.empty() || text.front() == 'T' || text.front() == ' ') return date;
  return std::nullopt;
}

}  // namespace bibsmith
