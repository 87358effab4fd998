#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/normalize/finding.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// Which submission dates the entry. Without a version in the id that was asked for, v1; with one, that
// version.
enum class YearPolicy : std::uint8_t { first_version, cited_version };

struct NormalizeOptions {
  Dialect dialect = Dialect::bibtex;
  TextEncoding encoding = TextEncoding::latex;
  YearPolicy year = YearPolicy::first_version;
  bool pinned = false;    // the user named a version: it stays in eprint and url, and dates the entry
  bool published = true;  // make the published entry where the record is sure enough of it
  JournalForm journals = JournalForm::full;
  std::size_t authors_max = 0;  // more are cut and "others" added; 0: all are kept
  std::string citation_key;     // empty: made by the default pattern ("vaswani2017attention")
};

// Where a field came from and which rule made it.
struct FieldReason {
  RecordField from;
  std::string_view rule;  // static storage: a short sentence for people
};

struct NormalizedEntry {
  Entry entry;
  NormalizeFindings findings;
  std::vector<FieldReason> reasons;  // one for each field of the entry, in its order
  bool is_published = false;
  std::vector<std::string> witnesses;  // of the publication: PublishedDecision::witnesses
};

// Record -> Entry. Published (@article, @inproceedings, ...) where the record says so consistently
// (decide_published), else the preprint: @misc for BibTeX and @online for biblatex, with the journal's DOI
// when the record has one. A version that the user named is that version, and so a preprint; a withdrawn
// paper too. The citation key is the same for both: it has the year of version 1, so that no key goes stale.
//
// Total: any Record gives an entry whose values are balanced and safe in LaTeX; what had to be mended or is
// missing is a finding. Pure. [any thread]
NormalizedEntry normalize(const Record& record, const NormalizeOptions& options);

}  // namespace bibsmith::bibtex
