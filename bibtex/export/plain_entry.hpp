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

// A field that biblatex takes verbatim (url, eprint): only \url{...}, \_ and their like are undone.
std::string verbatim_text(const Entry& entry, std::string_view name);

// The DOI without the resolver's address or "doi:" before it; what is none as it is.
std::string plain_doi(const Entry& entry);

// The address that howpublished holds: BibTeX's own styles know no url field. Or empty.
std::string howpublished_address(const Entry& entry);

// The url field, else the address in howpublished.
std::string plain_url(const Entry& entry);

// Who published the work, or what howpublished says of that in words.
std::string plain_publisher(const Entry& entry);

// The journal's name; a macro of the AAS styles (\mnras) in full.
std::string plain_journal(const Entry& entry);

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

// The names; of a list that ends with "and others", the literal name "others" behind them.
std::vector<PlainName> plain_names_and_others(const Entry& entry, std::string_view field);

// Pages with an en dash in each range.
std::string plain_pages(const Entry& entry);

// The arXiv id that the entry's eprint is, or empty.
std::string arxiv_eprint(const Entry& entry);

// The keywords, cut at commas and semicolons.
std::vector<std::string> plain_keywords(const Entry& entry);

// "2017-06-12", "2017-06" or "2017"; seasons have no month.
std::string iso_date(const DatePart& date);

}  // namespace bibsmith::bibtex
