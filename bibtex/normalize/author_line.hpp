#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// What arXiv's "Authors" line says: people and collaborations in order.
struct AuthorLine {
  std::vector<Author> authors;  // name, and family, given and suffix of people; no affiliations
  bool others = false;          // the line ends in "et al."
};

// Splits the line as submitted ("A. Author (MIT), B. Other, Jr. and the X Collaboration"): TeX accents become
// Unicode, affiliations in parentheses go, "X Collaboration: A, B" and "A, on behalf of the X Collaboration"
// name the collaboration. Where arXiv's own splitter (arxiv-base, arxiv/authors) is right we agree with it;
// docs/normalizing.md lists where we differ. Linear; lines over 1 MiB are cut. [any thread]
AuthorLine split_author_line(std::string_view line);

// The same for one author's string, as the Atom feed gives it: one person mostly, but "J. Smith for the X
// Collaboration" is two authors and "et al." none.
AuthorLine split_author(std::string_view name);

// The text of a name that may hold TeX, affiliation marks and odd spaces.
std::string author_text(std::string_view tex);

}  // namespace bibsmith::bibtex
