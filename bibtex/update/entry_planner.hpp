#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/update/planner.hpp"
#include "bibtex/update/update_plan.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

// Plans one entry after the other of a document. What it is given must outlive it.
//
// The rules, in their order:
//  1. An id that leads to another work (title and first author both differ) is not believed.
//  2. A preprint whose record is published becomes the published entry, whole or not at all: if one value
//  that would
//     have to change is the user's, or is kept, or may not be touched, nothing changes and the reason names
//     it.
//  3. Else what identifies the paper is added where it is missing (eprint, archive, class, DOI), a published
//  entry
//     that agrees with the record gets the volume, number or pages that it lacks, and what Bibsmith wrote
//     itself follows the record.
//  Values that the user wrote stay, unless told otherwise.
class EntryPlanner {
 public:
  EntryPlanner(const Document& document, const Macros& macros, const Style& style,
               const UpdateOptions& options);

  void plan(const Block& entry, const EntryIdentity& identity, const Record& record,
            EntryUpdate& update) const;

 private:
  friend class EntryPlan;
  // An @string of the document that stands for a journal.
  struct JournalMacro {
    std::uint32_t from = 0;  // may be used behind this offset
    std::string name;
  };

  const Document& document_;
  const Macros& macros_;
  const Style& style_;
  const UpdateOptions& options_;
  std::map<const JournalName*, JournalMacro> journal_macros_;
  std::map<std::string, JournalMacro> text_macros_;  // of texts that the table of journals does not know
};

}  // namespace bibsmith::bibtex
