#pragma once

#include <cstdint>
#include <string_view>

#include "fetchers/record/publication.hpp"

namespace bibsmith::bibtex {

// How the journal table classes a container: what a reference to it is by default.
enum class ContainerKind : std::uint8_t {
  journal,
  proceedings,  // the volumes are proceedings: a reference to it is inproceedings
  series,       // the volumes have titles of their own, the name is that of the series
  book_series,  // as series, but the volumes are books of chapters
};

// How a journal cites the parts of a volume.
enum class PagePractice : std::uint8_t {
  pages,
  article_numbers,  // what follows the volume is the number of the article
  year_is_volume,   // one volume a year, the number is the month: JHEP, JCAP, J. Stat. Mech.
};

// One row of journal_names.inc. The views are into static storage.
struct JournalName {
  std::string_view full;  // "Physical Review D"
  std::string_view iso4;  // "Phys. Rev. D"
  ContainerKind kind = ContainerKind::journal;
  PagePractice practice = PagePractice::pages;
};

// Finds a journal by its name in any spelling: in full, abbreviated in any way in which each word is cut
// ("Phys.Rev.D", "Phys Rev D", "Physical Rev. D"), or as one of the short forms of the field ("PRD", "ApJ").
// Case, dots, commas, spaces, "The", "of" and the like do not count. nullptr: not in the table, or more than
// one journal fits. Names beyond 256 bytes are not in it. [any thread]
const JournalName* find_journal(std::string_view name);

// The journal that ADS abbreviates to `stem` in its bibcodes ("PhRvD"), or find_journal(stem). [any thread]
const JournalName* find_bibstem(std::string_view stem);

enum class JournalForm : std::uint8_t { full, abbreviated };

// The name of what `publication` is in, in the form wished for where that form is known, else in the other.
// The result views into `publication`.
std::string_view journal_name(const Publication& publication, JournalForm form);

}  // namespace bibsmith::bibtex
