#include "bibtex/verify/claim.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/markup_text.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t field_bytes_max = 1 << 16;

// What LaTeX would print, without the HTML that exports leave in titles and names ("d&apos;Amore").
std::string plain_text_of(std::string_view latex) {
  std::string plain = to_unicode(latex, MathReading::convert);
  if (plain.find_first_of("<&") != std::string::npos) plain = markup_text(plain);
  return collapse_white_space(plain);
}

// Reads the fields of one entry.
class EntryReader {
 public:
  EntryReader(const Document& document, const Macros& macros, const Block& entry)
      : document_(document), macros_(macros), entry_(entry) {}

  std::string raw(std::string_view name) const {
    std::string value = macros_.field_text(document_, entry_, name);
    if (value.size() > field_bytes_max) value.resize(field_bytes_max);
    return value;
  }

  // The first of the fields that says something.
  std::string raw(std::string_view name, std::string_view other) const {
    std::string value = raw(name);
    return value.empty() ? raw(other) : value;
  }

  std::string plain(std::string_view name) const { return plain_text_of(raw(name)); }
  std::string plain(std::string_view name, std::string_view other) const {
    return plain_text_of(raw(name, other));
  }

 private:
  const Document& document_;
  const Macros& macros_;
  const Block& entry_;
};

Name plain_name(const Name& name) {
  // Organisations are written in braces, which read_name() keeps as a family name without others.
  const bool is_organisation =
      name.given.empty() && name.prefix.empty() && name.family.starts_with('{') && name.family.ends_with('}');
  if (is_organisation) return {.literal = plain_text_of(name.family)};
  // ", Plato" has a given name alone, which is all that there is to compare.
  if (name.family.empty())
    return {"", plain_text_of(name.prefix), plain_text_of(name.given), plain_text_of(name.suffix), ""};
  return {plain_text_of(name.given), plain_text_of(name.prefix), plain_text_of(name.family),
          plain_text_of(name.suffix), plain_text_of(name.literal)};
}

void read_authors(Claim& claim, const std::string& field) {
  for (const std::string_view text : split_names(field)) {
    if (equal_ignoring_case(text, "others") || equal_ignoring_case(text, "et al.") ||
        equal_ignoring_case(text, "et al")) {
      claim.others = true;
    } else if (claim.authors.size() == claim_authors_max) {
      claim.others = true;
    } else {
      claim.authors.push_back(plain_name(read_name(text)));
    }
  }
}

// The first four digits that stand together and alone: "2017", "2017-06", "June 2017", "2016/2017".
int year_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end - at == 4) {
      int year = 0;
      for (const char c : text.substr(at, 4)) year = year * 10 + (c - '0');
      return year;
    }
    at = end;
  }
  return 0;
}

}  // namespace

Claim claim_of(const Document& document, const Macros& macros, const Block& entry) {
  const EntryReader fields(document, macros, entry);
  Claim claim;
  claim.type = std::string(document.text(entry.type));
  std::transform(claim.type.begin(), claim.type.end(), claim.type.begin(), lower);
  claim.title = fields.plain("title");
  if (const std::string subtitle = fields.plain("subtitle"); !subtitle.empty())
    claim.title += ": " + subtitle;
  read_authors(claim, fields.raw("author", "editor"));

  const EntryIdentity identity = identify(document, macros, entry);
  claim.arxiv_id = identity.arxiv_id;
  const std::string doi = to_unicode(fields.raw("doi"));
  claim.doi = Doi::parse(doi);
  if (!claim.doi && !doi.empty()) claim.bad_doi = doi;

  claim.venue = fields.plain("journal", "journaltitle");
  if (claim.venue.empty()) claim.venue = fields.plain("booktitle");
  if (is_arxiv_name(claim.venue)) {
    claim.is_preprint = !claim.venue.empty() || claim.arxiv_id.has_value();
    claim.venue.clear();
  }
  claim.series = fields.plain("series");
  claim.year = year_in(fields.raw("date", "year"));
  claim.volume = fields.plain("volume");
  claim.number = fields.plain("number", "issue");
  claim.pages = fields.plain("pages", "eid");
  claim.url = fields.raw("url");
  return claim;
}

}  // namespace bibsmith::bibtex
