#include "bibtex/normalize/venues.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Count = Venue::Count;

constexpr std::size_t name_bytes_max = 48;

struct Row {
  std::string_view key;
  std::string_view aliases;  // separated by '|'
  std::string_view booktitle;
  std::string_view series;
  std::int16_t series_since = 0;
  Count count = Count::none;
  std::int16_t zero_year = 0;
  std::int16_t first_year = 0;
  bool journal = false;
};

constexpr Row rows[] = {
#include "bibtex/normalize/venues.inc"
};

// Letters and digits in lower case, but for a year at the end ("ICML'24", "EMNLP 2018", "WHI-2016").
std::string folded(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && is_digit(name[end - 1])) --end;
  const std::size_t digits = name.size() - end;
  const bool short_year =
      digits == 2 && end > 0 && (name[end - 1] == '\'' || name[end - 1] == '-' || name[end - 1] == ' ');
  if (end > 0 && (digits == 4 || short_year)) name = name.substr(0, end);
  std::string out;
  for (const char c : name) {
    if (bibsmith::is_letter(c) || is_digit(c) || c == '&') out += lower(c);
  }
  return out;
}

// The words that tell one meeting from another.
std::string folded_title(std::string_view title) {
  static constexpr auto common = std::to_array<std::string_view>(
      {"proceedings of the", "proceedings of", "{ord}", "annual", "international", "european",
       "conference on", "symposium on", "workshop on", "the"});
  std::string text;
  for (const char c : title) text += lower(c);
  for (const std::string_view words : common) {
    const std::size_t at = text.find(words);
    if (at != std::string::npos) text.erase(at, words.size());
  }
  return folded(text);
}

struct Table {
  std::array<Venue, std::size(rows)> venues;
  std::unordered_map<std::string, std::size_t> by_name;
  std::unordered_map<std::string, std::size_t> by_title;

  Table() {
    for (std::size_t i = 0; i < std::size(rows); ++i) {
      const Row& row = rows[i];
      venues[i] = {row.key,   row.booktitle, row.series,     row.series_since,
                   row.count, row.zero_year, row.first_year, row.journal};
      by_name.emplace(folded(row.key), i);
      by_title.emplace(folded_title(row.booktitle), i);
      std::string_view left = row.aliases;
      while (!left.empty()) {
        const std::size_t end = std::min(left.find('|'), left.size());
        by_name.emplace(folded(left.substr(0, end)), i);
        left.remove_prefix(std::min(end + 1, left.size()));
      }
    }
  }
};

// Built once, never changed.
const Table& table() {
  static const Table instance;
  return instance;
}

std::string roman(int number) {
  static constexpr auto digits = std::to_array<std::pair<int, std::string_view>>(
      {{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}});
  std::string out;
  for (const auto& [value, text] : digits) {
    for (; number >= value; number -= value) out += text;
  }
  return out;
}

}  // namespace

const Venue* find_venue(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max) return nullptr;
  const auto found = table().by_name.find(folded(name));
  return found == table().by_name.end() ? nullptr : &table().venues[found->second];
}

const Venue* find_venue_title(std::string_view text) {
  if (text.size() > 4 * name_bytes_max) return nullptr;
  const auto found = table().by_title.find(folded_title(text));
  return found == table().by_title.end() ? nullptr : &table().venues[found->second];
}

std::span<const Venue> all_venues() { return table().venues; }

int venue_count(const Venue& venue, int year) {
  if (venue.count == Venue::Count::none || year == 0 || year < venue.first_year) return 0;
  return year - venue.zero_year;
}

std::string ordinal(int number) {
  const int last = number % 10;
  const bool teen = number % 100 >= 11 && number % 100 <= 13;
  const std::string_view suffix = teen ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
  return std::to_string(number) + std::string(suffix);
}

std::string venue_booktitle(const Venue& venue, int year) {
  const int count = venue_count(venue, year);
  std::string out(venue.booktitle);
  const std::size_t at = out.find("{ord} ");
  if (at != std::string::npos) out.replace(at, 6, count > 0 ? ordinal(count) + " " : "");
  if (count > 0 && venue.count == Venue::Count::roman) out += " " + roman(count);
  return out;
}

std::string_view venue_series(const Venue& venue, int year) {
  return year != 0 && year >= venue.series_since ? venue.series : std::string_view();
}

}  // namespace bibsmith::bibtex
