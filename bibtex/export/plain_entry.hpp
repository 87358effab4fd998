#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/date.hpp"
#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// The fields of a resolved entry as plain Unicode, for formats that know no LaTeX.

// Commands read, white space collapsed; of two names the first that the entry has.
std::string plain_text(const Entry& entry, std::string_view name, std::string_view other = {});

// A field that biblatex takes verbatim (doi, url, eprint): only \url{...}, \_ and their like are undone.
std::string verbatim_text(const Entry& entry, std::string_view name);

// The title with its subtitle: "Title: Subtitle". `prefix` is "", "book", "main" or "journal".
std::string plain_title(const Entry& entry, std::string_view prefix);

struct PlainName {
  std::string given;
  std::string prefix;
  std::string family;
  std::string suffix;
  std::string literal;  // alone: an organisation
};

// Without "others".
std::vector<PlainName> plain_names(const Entry& entry, std::string_view field);

// Pages with an en dash in each range.
std::string plain_pages(const Entry& entry);

// The arXiv id that the entry's eprint is, or empty.
std::string arxiv_eprint(const Entry& entry);

// The keywords, cut at commas and semicolons.
std::vector<std::string> plain_keywords(const Entry& entry);

// "2017-06-12", "2017-06" or "2017"; seasons have no month.
std::string iso_date(const DatePart& date);

}  // namespace bibsmith::bibtex
