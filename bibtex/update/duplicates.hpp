#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// Why entries are the same paper. Of a group that several of these hold together it is the weakest.
enum class DuplicateReason : std::uint8_t {
  same_id,    // the same arXiv paper
  same_doi,   // the same DOI of the publication
  same_work,  // title, first author, authors and year agree
};

// "same-id", "same-doi", "same-work"; stable.
std::string_view code_of(DuplicateReason reason);

// A field in which the entries of a group are not all the same.
struct FieldDifference {
  std::string name;                 // in lower case
  std::vector<std::string> values;  // as written with their delimiters, one for each entry; empty: not there
};

// Entries that are one paper.
struct DuplicateGroup {
  DuplicateReason reason = DuplicateReason::same_work;
  std::vector<std::uint32_t> blocks;  // indices in the Document, in its order; two at least
  std::uint32_t best = 0;             // of these: published before preprint, more fields, first in the file
  std::vector<FieldDifference> differences;
};

// The groups of a Document, in the order of their first entries. The id of one entry and the DOI of another
// are one paper only if a third entry has both, or title and authors say so. Errata and replies, parts,
// editions and volumes are works of their own, and so is a book beside a paper or a thesis of the same title.
// Containers
// (@xdata, @set) and entries that are marked to be left alone are not looked at. Linear in the number of
// entries. [any thread]
std::vector<DuplicateGroup> find_duplicates(const Document& document, const Macros& macros);

// For each of `entries`, which are not in it, the entries of `document` that are the same work by title and
// authors. [any thread]
std::vector<std::vector<std::uint32_t>> find_same_works(const Document& document, const Macros& macros,
                                                        std::span<const Entry> entries);

}  // namespace bibsmith::bibtex
