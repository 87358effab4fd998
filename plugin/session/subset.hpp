#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

struct SubsetRequest {
  std::vector<std::string> keys;            // that are cited
  bool all = false;                         // \nocite{*}: every entry
  std::vector<std::string> bibliographies;  // in the order of \bibliography; what does not exist is empty
  std::string to;                           // replaced as a whole; must be none of them
};

struct SubsetAnswer {
  std::vector<std::string> entries;  // keys of what was written, in order
  std::vector<std::string> missing;  // cited, but in none of them
  bool changed = false;
};

// Writes what a document cites into a .bib file of its own: the entries, those that they name in crossref,
// xref, xdata, related and entryset, the @string definitions that these use, and every @preamble. Each
// stands there byte for byte and in its old order. Of entries with one key the first counts, as for BibTeX.
tl::expected<SubsetAnswer, FileError> write_subset(const SubsetRequest& request,
                                                   const ChangeContext& context);

}  // namespace bibsmith::plugin
