#include "bibtex/model/date.hpp"

#include <array>
#include <charconv>
#include <cstddef>

#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t date_bytes_max = 64;

constexpr std::array<std::string_view, 12> month_names = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

// `count` digits; the last ones may be X ("199X"), which reads as 0.
std::optional<std::int32_t> take_digits(std::string_view& rest, std::size_t count) {
  if (rest.size() < count) return std::nullopt;
  std::int32_t number = 0;
  bool is_open = false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_mark = count == 4 && i >= 2 && rest[i] == 'X';
    if (!is_mark && (is_open || !is_digit(rest[i]))) return std::nullopt;
    is_open = is_open || is_mark;
    number = number * 10 + (is_mark ? 0 : rest[i] - '0');
  }
  rest.remove_prefix(count);
  return number;
}

bool is_leap(std::int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::uint8_t days_in(std::int32_t year, std::uint8_t month) {
  static constexpr std::array<std::uint8_t, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1u];
}

// A time of day and a zone behind a day; biblatex prints it only on request, so its form alone counts.
bool is_time(std::string_view text) {
  constexpr std::string_view form = "00:00:00";
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i]) return false;
  }
  text.remove_prefix(form.size());
  return text.empty() || text == "Z" ||
         ((text.front() == '+' || text.front() == '-') && text.size() >= 3 && text.size() <= 6);
}

std::optional<DatePart> parse_part(std::string_view text) {
  DatePart part;
  while (!text.empty() && (text.back() == '?' || text.back() == '~' || text.back() == '%')) {
    part.uncertain = part.uncertain || text.back() != '~';
    part.approximate = part.approximate || text.back() != '?';
    text.remove_suffix(1);
  }
  const bool is_long = take(text, 'Y') || take(text, 'y');  // Y-17000: years outside 0 to 9999
  const bool is_negative = take(text, '-');
  if (is_long) {
    std::int32_t year = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    part.year = is_negative ? -year : year;
    return part;
  }
  const auto year = take_digits(text, 4);
  if (!year) return std::nullopt;
  part.year = is_negative ? -*year : *year;
  if (text.empty()) return part;
  if (!take(text, '-')) return std::nullopt;
  if (text.starts_with("XX")) return text == "XX" || text == "XX-XX" ? std::optional(part) : std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !((*month >= 1 && *month <= 12) || (*month >= 21 && *month <= 24))) return std::nullopt;
  part.month = static_cast<std::uint8_t>(*month);
  if (text.empty() || text == "-XX") return part;
  if (part.month > 12 || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || *day < 1 || *day > days_in(part.year, part.month)) return std::nullopt;
  part.day = static_cast<std::uint8_t>(*day);
  if (take(text, 'T')) return is_time(text) ? std::optional(part) : std::nullopt;
  return text.empty() ? std::optional(part) : std::nullopt;
}

// The first word of letters, or number, of "1~January", "July/August".
std::string_view next_word(std::string_view& rest) {
  const auto is_letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  while (!rest.empty() && !is_letter(rest.front()) && !is_digit(rest.front())) rest.remove_prefix(1);
  std::size_t end = 0;
  const bool has_digits = !rest.empty() && is_digit(rest.front());
  while (end < rest.size() && (has_digits ? is_digit(rest[end]) : is_letter(rest[end]))) ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// Month and day of a BibTeX `month` field, which holds both in any form: "10~jan", "March 3", "3".
void read_month(std::string_view text, DatePart& part) {
  std::int32_t number = 0;
  text = text.substr(0, date_bytes_max);
  for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
    if (!is_digit(word.front())) {
      if (part.month == 0) part.month = parse_month(word);
    } else if (number == 0 && word.size() <= 2) {
      std::from_chars(word.data(), word.data() + word.size(), number);
    }
  }
  if (part.month == 0) {
    if (number >= 1 && number <= 12) part.month = static_cast<std::uint8_t>(number);
  } else if (number >= 1 && number <= days_in(part.year, part.month)) {
    part.day = static_cast<std::uint8_t>(number);
  }
}

}  // namespace

std::optional<DateValue> parse_date(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > date_bytes_max) return std::nullopt;
  DateValue value;
  const std::size_t slash = text.find('/');
  const std::string_view first = text.substr(0, slash);
  const auto is_open = [](std::string_view part) { return part.empty() || part == ".."; };
  if (!is_open(first)) {
    value.begin = parse_part(first);
    if (!value.begin) return std::nullopt;
  }
  if (slash == std::string_view::npos) return value.begin ? std::optional(value) : std::nullopt;
  value.is_range = true;
  const std::string_view second = text.substr(slash + 1);
  if (!is_open(second)) {
    value.end = parse_part(second);
    if (!value.end) return std::nullopt;
  }
  return value.begin || value.end ? std::optional(value) : std::nullopt;
}

std::uint8_t parse_month(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.empty() || text.size() > 9) return 0;
  if (is_digit(text.front())) {
    std::uint8_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_month = error == std::errc() && end == text.data() + text.size() && number <= 12;
    return is_month ? number : std::uint8_t{0};
  }
  if (text.size() < 3) return 0;
  for (std::size_t i = 0; i < month_names.size(); ++i) {
    if (equal_ignoring_case(text, month_names[i].substr(0, text.size()))) {
      return static_cast<std::uint8_t>(i + 1);
    }
  }
  return 0;
}

std::optional<DateValue> entry_date(const Entry& entry) {
  if (const auto date = parse_date(field_text(entry, "date"))) return date;
  const std::string year_text = to_unicode(field_text(entry, "year"));
  if (const auto date = parse_date(year_text)) {
    if (date->is_range || date->begin->month != 0) return date;
  }
  std::string_view year = trimmed(year_text);
  DateValue value;
  value.begin.emplace();
  const auto number = take_digits(year, 4);
  if (!number || (!year.empty() && is_digit(year.front()))) return std::nullopt;
  value.begin->year = *number;
  read_month(to_unicode(field_text(entry, "month")), *value.begin);
  const std::string day = field_text(entry, "day");
  std::uint8_t day_number = 0;
  std::from_chars(day.data(), day.data() + day.size(), day_number);
  const std::uint8_t month = value.begin->month;
  if (month != 0 && day_number >= 1 && day_number <= days_in(value.begin->year, month)) {
    value.begin->day = day_number;
  }
  return value;
}

}  // namespace bibsmith::bibtex
