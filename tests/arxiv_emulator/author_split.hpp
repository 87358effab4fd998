#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::emulator {

// One author as arXiv takes its "Authors:" line apart.
struct SplitAuthor {
  std::string keyname;  // never empty; with the particles directly before it, "van der Tak"
  std::string forenames;
  std::string suffix;  // "Jr", "III"
  std::vector<std::string> affiliations;

  friend bool operator==(const SplitAuthor&, const SplitAuthor&) = default;
};

// Splits as arXiv does for its exports, OAI-PMH and the search index, weak spots included: only the last
// word (and listed particles before it) is the surname, a collaboration is recognised at the start only, and
// "Fred Bloggs, III" makes an author "III". Total: any bytes are fine. [any thread]
std::vector<SplitAuthor> split_author_line(std::string_view line);

// The same with every part through tex2utf().
std::vector<SplitAuthor> split_author_line_utf(std::string_view line);

// The first stage: names, separators and parenthesised blocks, in order.
std::vector<std::string> author_line_pieces(std::string_view line);

}  // namespace bibsmith::emulator
