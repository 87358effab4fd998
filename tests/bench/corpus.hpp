#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bibsmith::bench {

// A .bib text and what it was made of, in words.
struct Corpus {
  std::string text;
  std::string origin;
};

// Which entries: all that are closed and have a key, or only those that every program reads: of BibTeX's own
// types, without a finding or a macro, with few fields.
enum class Entries : std::uint8_t { all, plain };

// A .bib text of at least `bytes` bytes: the real entries of ../shared/data/bib and of the .bib files that
// tests/conformance/texlive_bib_files puts into build/texlive-bib, again and again, each with a number behind
// its key so that no key comes twice. Where both are absent, a few entries of our own. The same each time on
// the same files. Reads them relative to the current folder, which is tests/.
Corpus make_corpus(std::size_t bytes, Entries wanted = Entries::all);

}  // namespace bibsmith::bench
