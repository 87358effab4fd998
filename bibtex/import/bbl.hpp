#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// One work of a typeset bibliography, as far as it can be told.
struct BblItem {
  Entry entry;               // values are TeX, as they stand there
  std::uint32_t offset = 0;  // of the key in the text
};

// Items beyond this are not read.
inline constexpr std::size_t bbl_items_max = 100'000;
// An item beyond this is cut.
inline constexpr std::size_t bbl_item_bytes_max = 64u << 10;

// What BibTeX or biber wrote for LaTeX to read (a .bbl file, or \begin{thebibliography} in a source): the
// entries of biblatex whole; of \bibitem what its style marks (\newblock of the standard styles and natbib,
// \bibinfo of REVTeX and the ACM, quotes of IEEEtran), the DOI and the arXiv id. An item in which no title
// can be told has none. Never fails; any bytes are taken. Pure. [any thread]
std::vector<BblItem> read_bbl(std::string_view text);

// The two kinds.
std::vector<BblItem> read_biblatex_bbl(std::string_view text);
std::vector<BblItem> read_typeset_bbl(std::string_view text);

// The group that begins at text[at], white space before it passed over, without its braces; `end` becomes the
// offset behind it. Empty, with `end` unchanged: there is none, or it is not closed.
std::string_view group_at(std::string_view text, std::size_t at, std::size_t& end);

// Sets a field unless the value is empty or its braces do not balance.
void set_field(Entry& entry, std::string_view name, std::string value);

}  // namespace bibsmith::bibtex
