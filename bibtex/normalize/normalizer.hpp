#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "bibtex/model/entry.hpp"
#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// Which submission dates the entry. Without a version in the id that was asked for, v1; with one, that
// version.
enum class YearPolicy : std::uint8_t { first_version, cited_version };

struct NormalizeOptions {
  Dialect dialect = Dialect::bibtex;
  TextEncoding encoding = TextEncoding::latex;
  YearPolicy year = YearPolicy::first_version;
  bool pinned = false;          // the user named a version: it stays in eprint and url, and dates the entry
  std::size_t authors_max = 0;  // more are cut and "others" added; 0: all are kept
  std::string citation_key;     // empty: made by the default pattern ("vaswani2017attention")
};

struct NormalizedEntry {
  Entry entry;
  NormalizeFindings findings;
};

// Record -> Entry: the preprint, @misc for BibTeX and @online for biblatex, with the journal's DOI when the
// record has one. Total: any Record gives an entry whose values are balanced and safe in LaTeX; what had to
// be mended or is missing is a finding. Pure. [any thread]
NormalizedEntry normalize(const Record& record, const NormalizeOptions& options);

}  // namespace bibsmith::bibtex
