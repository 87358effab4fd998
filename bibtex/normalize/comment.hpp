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

// What the comment says has become of the paper.
enum class CommentStatus : std::uint8_t {
  none,       // nothing: pages and figures, remarks on versions
  submitted,  // and under review
  accepted,
  to_appear,
  published,
  presented,
  bare_venue,  // a venue, and no word about what the paper is to it: "ICML 2018"
  thesis,
  withdrawn,
  superseded,
};

// arXiv's comment, read. It is free text: everything here is what the author says, nothing is proof.
struct CommentReading {
  CommentStatus status = CommentStatus::none;
  std::string venue;      // the key of a conference of the table ("ICML"), else the words of the comment
  std::string booktitle;  // from the table of venues, with the ordinal of the year
  std::string series;
  std::string journal;  // in full, when the venue is a journal of the table
  std::int16_t year = 0;
  std::uint32_t pages = 0;
  std::uint32_t figures = 0;
  std::uint32_t tables = 0;
  std::string thesis_kind;           // "phdthesis", "mastersthesis", "bachelorsthesis", "thesis"
  std::optional<ArxivId> successor;  // what to read instead of a withdrawn or superseded paper
  std::optional<Doi> doi;

  friend bool operator==(const CommentReading&, const CommentReading&) = default;
};

// Whether the author says that a venue has taken the paper.
bool says_accepted(CommentStatus status);

// Whether the author says that the paper is withdrawn: read_comment(), but nearly all comments take one look.
bool says_withdrawn(std::string_view comment);

// Reads arXiv's comment in the forms of docs/journal-ref.md. Total: any bytes give a result; text beyond
// comment_bytes_max is not looked at. A paper that is submitted, under review, rejected or withdrawn is
// never called accepted, whatever else the text says. Pure. [any thread]
CommentReading read_comment(std::string_view text);

// read_comment().journal alone, in less time.
std::string comment_journal(std::string_view text);

inline constexpr std::size_t comment_bytes_max = 4096;

}  // namespace bibsmith::bibtex
