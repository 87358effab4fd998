#pragma once

#include <cstddef>
#include <string>

namespace bibsmith::bench {

// A .bib text of at least `bytes` bytes made of the real entries of ../shared/data/bib (or, where that is
// absent, of a few entries of our own), again and again with keys made distinct. The same each time.
std::string make_corpus(std::size_t bytes);

}  // namespace bibsmith::bench
