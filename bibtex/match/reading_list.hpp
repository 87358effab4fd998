#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// One work of a reading list, and all that the list says of it.
struct ReadingItem {
  std::string title;                 // as it stands there; of a .bib file without TeX. May be empty
  std::string teaser;                // the abstract below it, which pages cut
  std::vector<std::string> authors;  // their family names
  int year = 0;                      // 0: it says none
  std::optional<ArxivId> arxiv_id;
  std::optional<Doi> doi;
  std::string key;       // of the entry, in a .bib file
  std::size_t line = 0;  // from 1; in HTML of the text that it holds
};

// A line that is no work.
struct HeadingLine {
  std::string text;
  std::size_t line = 0;
};

struct ReadingList {
  enum class Form : std::uint8_t { titles, author_page, bibtex, references };
  Form form = Form::titles;
  bool is_html = false;
  std::string author;  // whose page it is; empty: nobody's
  std::vector<ReadingItem> items;
  std::vector<HeadingLine> headings;
  std::size_t items_left_out = 0;  // beyond items_max
};

inline constexpr std::size_t reading_list_bytes_max = 16u << 20;
inline constexpr std::size_t reading_list_items_max = 10'000;

// "author_page" and so on, for scripts.
std::string_view name_of(ReadingList::Form form);

// Reads what people have of works that they want to cite. What the text is shows in it: a .bib file; HTML
// (whose text is then read as the others are); numbered references as a PDF gives them; an author's page,
// where abstracts that end in "..." stand below titles; else titles, one a line, with or without bullets.
// A title's line may end in a year or an identifier. Any bytes are taken; what is beyond
// reading_list_bytes_max is not read. docs/matching.md has the rules. [any thread]
ReadingList read_reading_list(std::string_view text);

}  // namespace bibsmith::bibtex
