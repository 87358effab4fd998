#include "tests/arxiv_emulator/moment.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

namespace chrono = std::chrono;

constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> week_days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Parts {
  chrono::year_month_day day;
  chrono::hh_mm_ss<chrono::seconds> time;
};

Parts parts_of(chrono::sys_seconds moment) {
  const auto day = chrono::floor<chrono::days>(moment);
  return {chrono::year_month_day{day}, chrono::hh_mm_ss<chrono::seconds>{moment - day}};
}

// Takes an unsigned number of one to `digits_max` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits_max) {
  int value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + std::min(text.size(), digits_max), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<chrono::sys_seconds> moment_of(int year, int month, int day, std::string_view time) {
  const chrono::year_month_day date{chrono::year{year}, chrono::month{static_cast<unsigned>(month)},
                                    chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || year < 1900 || year > 9999) return std::nullopt;
  chrono::sys_seconds moment = chrono::sys_days{date};
  if (time.empty()) return moment;
  const auto hour = take_number(time, 2);
  if (!hour || !take(time, ':')) return std::nullopt;
  const auto minute = take_number(time, 2);
  if (!minute || !take(time, ':')) return std::nullopt;
  const auto second = take_number(time, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  time = trim(time);
  if (!time.empty() && time != "Z" && time != "GMT" && time != "UTC") return std::nullopt;
  return moment + chrono::hours{*hour} + chrono::minutes{*minute} + chrono::seconds{*second};
}

std::optional<chrono::sys_seconds> parse_iso(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  if (!text.empty() && !take(text, 'T') && !take(text, ' ')) return std::nullopt;
  return moment_of(*year, *month, *day, text);
}

// "2 Apr 2007 19:18:42 GMT"
std::optional<chrono::sys_seconds> parse_mail(std::string_view text) {
  const auto day = take_number(text, 2);
  text = trim(text);
  if (!day || text.size() < 3) return std::nullopt;
  int month = 0;
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (text.substr(0, 3) == months[i]) month = static_cast<int>(i) + 1;
  }
  text = trim(text.substr(3));
  const auto year = take_number(text, 4);
  if (!year) return std::nullopt;
  return moment_of(*year, month, *day, trim(text));
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, values...);
  return std::string(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<chrono::sys_seconds> parse_moment(std::string_view text) {
  text = trim(text);
  if (text.size() > 64) return std::nullopt;
  if (const std::size_t comma = text.find(','); comma != text.npos)
    return parse_mail(trim(text.substr(comma + 1)));
  return parse_iso(text);
}

std::string iso_moment(chrono::sys_seconds moment) {
  const Parts p = parts_of(moment);
  return formatted("%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(p.day.year()),
                   static_cast<unsigned>(p.day.month()), static_cast<unsigned>(p.day.day()),
                   static_cast<int>(p.time.hours().count()), static_cast<int>(p.time.minutes().count()),
                   static_cast<int>(p.time.seconds().count()));
}

std::string iso_day(chrono::sys_seconds moment) { return iso_moment(moment).substr(0, 10); }

std::string mail_moment(chrono::sys_seconds moment) {
  const Parts p = parts_of(moment);
  const chrono::weekday week_day{chrono::sys_days{p.day}};
  return formatted("%s, %02u %s %04d ", week_days[week_day.c_encoding()], static_cast<unsigned>(p.day.day()),
                   months[static_cast<unsigned>(p.day.month()) - 1], static_cast<int>(p.day.year())) +
         iso_moment(moment).substr(11, 8) + " GMT";
}

std::string minute_digits(chrono::sys_seconds moment) {
  std::string out;
  for (const char c : iso_moment(moment).substr(0, 16)) {
    if (is_digit(c)) out += c;
  }
  return out;
}

}  // namespace bibsmith::emulator
