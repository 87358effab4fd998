#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/doi.hpp"
#include "fetchers/record/publication.hpp"

namespace bibsmith::bibtex {

// What a further reference in a journal_ref is to the first.
enum class RelatedKind : std::uint8_t {
  publication,  // the work came out here too
  erratum,
  corrigendum,
  addendum,
  translation,
};

struct RelatedReference {
  RelatedKind kind = RelatedKind::publication;
  Publication publication;

  friend bool operator==(const RelatedReference&, const RelatedReference&) = default;
};

// arXiv's journal_ref, read. What was not understood is in `rest`; where the reader had to choose, a
// finding says between what.
struct JournalRef {
  Publication publication;
  std::string rest;
  bool forthcoming = false;  // "to appear", "in press"
  std::optional<Doi> doi;
  std::vector<RelatedReference> related;
  NormalizeFindings findings;

  friend bool operator==(const JournalRef&, const JournalRef&) = default;
};

// Reads a journal_ref in the forms of docs/journal-ref.md. Total: any bytes give a result, in time linear in
// the text. Text beyond journal_ref_bytes_max goes to `rest` unread (finding journal-ref.cut). Pure.
// [any thread]
JournalRef read_journal_ref(std::string_view text);

inline constexpr std::size_t journal_ref_bytes_max = 1024;
inline constexpr std::size_t journal_ref_references_max = 16;

}  // namespace bibsmith::bibtex
