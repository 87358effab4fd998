#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "fetchers/profile/authored_paper.hpp"
#include "fetchers/profile/coauthor_groups.hpp"

namespace bibsmith::fetchers {

// Somebody whose work is near an author's.
struct SimilarAuthor {
  std::string name;
  double similarity = 0;                       // from 0 to 1: half of the sum of the next two
  double shared_words = 0;                     // from 0 to 1
  double shared_co_authors = 0;                // from 0 to 1
  std::size_t papers = 0;                      // of theirs that were looked at
  std::size_t joint_papers = 0;                // with the author
  std::vector<std::string> words;              // that they share most, up to five
  std::vector<std::string> common_neighbours;  // co-authors of both, up to five
};

inline constexpr std::size_t similar_authors_max = 10;

// The authors of `papers` who are most like the one of `theirs`, best first.
//
// shared_words is the cosine of two vectors over the words of titles and abstracts, each word with the number
// of papers that have it times the logarithm of the number of all papers over those that have it. Papers
// that both wrote count for neither: they would only tell that two people work together.
// shared_co_authors is the cosine over co-authors, each with the number of papers written together; the two
// themselves count for neither. Names are told apart by coauthor_key(), so that namesakes are one: it is an
// estimate. Authors of less than two papers, or known by initials, are left out. [any thread]
std::vector<SimilarAuthor> similar_authors(std::span<const AuthoredPaper> papers,
                                           std::span<const NamedPaper> theirs);

}  // namespace bibsmith::fetchers
