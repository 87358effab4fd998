#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fetchers/profile/authored_paper.hpp"

namespace bibsmith::fetchers {

// A paper by somebody of the name that is looked for: which of `papers`, and which of its authors.
struct NamedPaper {
  std::size_t paper = 0;
  std::size_t author = 0;
};

// Papers of more authors are a collaboration's: that two name the same people proves nothing.
inline constexpr std::size_t linking_authors_max = 50;

// Joins the papers whose other authors are the same people, heaviest link first: 3 for a co-author with a
// given name, 1 more for each further one, 1.5 for one whose name is shorter in one of them (Simon Du and
// Simon S. Du), 1 for initials alone, half a point for a common category, 1.5 off for different areas, up to
// 1 off for years far apart, 4 for the same ORCID or 2 for the same affiliation. From 2 points on they are
// one person's, but two groups of four papers each need 4; never if the names of the two exclude each other
// (Jason D. and Jason B.) or their ORCIDs differ. Returns groups of indices into `named`, largest first; a
// paper without links is alone. [any thread]
std::vector<std::vector<std::size_t>> coauthor_groups(std::span<const AuthoredPaper> papers,
                                                      std::span<const NamedPaper> named);

}  // namespace bibsmith::fetchers
