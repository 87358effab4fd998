#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// A free-text reference made plain: TeX and HTML markup gone, dashes of all lengths one '-', quotes '"',
// white space single, "N°" and "№" spelt "No". [any thread]
std::string plain_reference(std::string_view text);

// Identifiers that references carry, taken out of the text.
struct ReferenceIdentifiers {
  std::optional<Doi> doi;  // the first
  std::string others;      // ISBN, ISSN, links and arXiv ids as they stand, separated by spaces
};

// Takes DOIs, links, arXiv ids, ISBN and ISSN out of `text`, which is left without them.
// arXiv ids stay where `keep_arxiv_ids` says so.
ReferenceIdentifiers take_identifiers(std::string& text, bool keep_arxiv_ids = false);

}  // namespace bibsmith::bibtex
