#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/macros.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/syntax/document.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// What a reference says of the work that it cites: of an entry, or of a line of a reference list. Plain
// Unicode, white space collapsed, no LaTeX; empty and 0: it does not say.
struct Claim {
  std::string type;  // BibTeX's or biblatex's word in lower case; "" where there is none
  std::string title;
  std::vector<Name> authors;  // editors where no author is named
  bool others = false;        // "and others", "et al."
  std::string venue;          // journal, book or conference; not arXiv's name
  std::string series;         // of the book
  int year = 0;
  std::string volume;
  std::string number;
  std::string pages;       // or an article number
  std::optional<Doi> doi;  // of the published work, or arXiv's own
  // A DOI field that cannot be one ("10.1145"), as written.
  std::string bad_doi;
  std::optional<ArxivId> arxiv_id;
  std::string url;
  bool is_preprint = false;  // its venue is arXiv or CoRR, or it has no other than an arXiv id
};

// More authors than this are not compared.
inline constexpr std::size_t claim_authors_max = 1'000;

// What an entry says. Values longer than any title or name are cut: a Claim is bounded by 64 KiB a field.
// [any thread]
Claim claim_of(const Document& document, const Macros& macros, const Block& entry);

}  // namespace bibsmith::bibtex
