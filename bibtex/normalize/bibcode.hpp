#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// An ADS bibcode taken apart: "2015A&A...575A..64N" (19 characters: year, stem, volume, qualifier, page,
// initial; ADS help, "The ADS Bibliographic Codes").
struct Bibcode {
  int year = 0;
  std::string stem;    // "A&A"
  std::string volume;  // "575"
  std::string page;    // "A64", "L57", "9"
  bool is_article_number = false;
  bool is_meeting = false;  // the volume is "conf", "symp" or "work"
  bool is_book = false;
};

// nullopt when `text` is not exactly a bibcode.
std::optional<Bibcode> read_bibcode(std::string_view text);

}  // namespace bibsmith::bibtex
