#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibtex/normalize/journal_ref.hpp"

namespace bibsmith::bibtex {

// One reference of several in a text. Views into the text that was split.
struct ReferencePart {
  RelatedKind kind = RelatedKind::publication;
  bool ibid = false;  // in the same journal as the one before
  std::string_view text;
};

// Cuts "A; Erratum-ibid. B" and "A and B" into references. The first is the main one. At most
// journal_ref_references_max parts; what is beyond stays in the last.
std::vector<ReferencePart> split_references(std::string_view text);

}  // namespace bibsmith::bibtex
