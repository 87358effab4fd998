#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/name.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// Who wrote a paper, in order, as plain Unicode: people and organisations (literals).
struct AuthorNames {
  std::vector<Name> names;
  bool others = false;  // the source says "et al."
};

// Splits arXiv's "Authors" line as submitted ("A. Author (MIT), B. Other, Jr. and the X Collaboration"): TeX
// becomes text, affiliations in parentheses go, "X Collaboration: A, B" and "A, on behalf of the X
// Collaboration" name the collaboration. Where arXiv's own splitter (arxiv-base, arxiv/authors) is right we
// agree with it; docs/normalizing.md lists where we differ. Text beyond 1 MiB is cut. [any thread]
AuthorNames split_author_line(std::string_view line);

// The same for one author's string, as the Atom feed gives it: one person mostly, but "J. Smith for the X
// Collaboration" is two authors, and "et al." is none.
AuthorNames split_author(std::string_view text);

// A name as a Record holds it.
Author author_of(const Name& name);

// The text of a name that may hold TeX, affiliation marks and odd spaces.
std::string author_text(std::string_view tex);

}  // namespace bibsmith::bibtex
