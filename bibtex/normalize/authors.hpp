#pragma once

#include <span>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/author_line.hpp"
#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// The authors of a record as names. Parts that the source gives win over what one string tells, except where
// they show a known fault of arXiv's splitter: an organisation cut in two, a particle left with the given
// name.
AuthorNames author_names(std::span<const Author> authors);

// The same names with their parts as field text.
std::vector<Name> encode_names(std::vector<Name> names, TextEncoding encoding, NormalizeFindings& findings);

// What stands in the author field: format_names() of the encoded names.
std::string author_field(AuthorNames authors, TextEncoding encoding, NormalizeFindings& findings);

}  // namespace bibsmith::bibtex
