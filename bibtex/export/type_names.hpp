#pragma once

#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// What other formats call an entry type.
struct TypeNames {
  std::string_view type;       // of BibTeX or biblatex
  std::string_view csl;        // CSL 1.0.2; as pandoc's Text.Pandoc.Citeproc.BibTeX maps them
  std::string_view ris;        // RIS specification of 2011, reference types
  std::string_view hayagriva;  // hayagriva's docs/file-format.md, "Entry Type"
  std::string_view parent;     // hayagriva's type of what the work appeared in; empty: in nothing
};

// A type that we do not know is a document. A @misc or @online with an eprint is a preprint: CSL "article".
TypeNames type_names(const Entry& entry);

// Whether the entry is no work but a container of data for others (@xdata, @set, @bibnote).
bool is_no_work(const Entry& entry);

}  // namespace bibsmith::bibtex
