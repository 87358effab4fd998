#include "bibtex/normalize/bibcode.hpp"

#include <algorithm>

#include "bibtex/normalize/reference_words.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

std::string without_dots(std::string_view field) {
  std::string out;
  for (const char c : field) {
    if (c != '.') out += c;
  }
  return out;
}

bool is_number_field(std::string_view field) {
  return std::all_of(field.begin(), field.end(), [](char c) { return is_digit(c) || c == '.'; });
}

}  // namespace

std::optional<Bibcode> read_bibcode(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == ';' || text.back() == ','))
    text.remove_suffix(1);
  if (text.size() != 19 || !is_year(text.substr(0, 4))) return std::nullopt;
  const std::string_view stem = text.substr(4, 5);
  if (!bibsmith::is_letter(stem[0]) || !std::all_of(stem.begin(), stem.end(), [](char c) {
        return bibsmith::is_letter(c) || c == '.' || c == '&';
      }))
    return std::nullopt;
  const std::string_view volume = text.substr(9, 4);
  const bool meeting = volume == "conf" || volume == "symp" || volume == "work" || volume == "book";
  if ((!meeting && !is_number_field(volume)) || !is_number_field(text.substr(14, 4))) return std::nullopt;
  const char qualifier = text[13];
  if (!bibsmith::is_letter(qualifier) && qualifier != '.' && !is_digit(qualifier)) return std::nullopt;
  Bibcode out;
  out.year = to_int(text.substr(0, 4));
  out.stem = without_dots(stem);
  if (!meeting) out.volume = without_dots(volume);
  out.is_book = volume == "book";
  out.is_meeting = meeting && !out.is_book;
  out.page = without_dots(text.substr(14, 4));
  if (out.page.empty()) return std::nullopt;
  // A lower-case qualifier counts in hundred thousands of physical review and is no part of the page.
  if (qualifier >= 'A' && qualifier <= 'Z') {
    out.page.insert(0, 1, qualifier);
    out.is_article_number = qualifier != 'L' && qualifier != 'S';
  } else if (is_digit(qualifier)) {
    out.page.insert(0, 1, qualifier);
  } else if (qualifier >= 'a' && qualifier <= 'z') {
    // Six-digit article numbers are folded: 'a' is 10, 'b' 11 (ADS).
    out.page = std::to_string(10 + (qualifier - 'a')) +
               std::string(4 - std::min<std::size_t>(4, out.page.size()), '0') + out.page;
    out.is_article_number = true;
  }
  return out;
}

}  // namespace bibsmith::bibtex
