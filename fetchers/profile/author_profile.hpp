#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fetchers/profile/authored_paper.hpp"
#include "fetchers/profile/coauthor_groups.hpp"

namespace bibsmith::fetchers {

struct NamedCount {
  std::string name;
  std::size_t count = 0;

  friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

// Who an author is, as their papers tell.
struct AuthorProfile {
  std::string name;                      // the form that most papers have; of two, the longer
  std::vector<NamedCount> name_forms;    // the most frequent first, as all lists here
  std::vector<NamedCount> affiliations;  // arXiv has few
  std::string orcid;
  Date first;  // submission of the first paper, and of the last
  Date last;
  std::vector<NamedCount> fields;  // primary categories
};

// Somebody with whom an author has papers.
struct CoAuthor {
  std::string name;                // the fullest form
  std::vector<std::string> forms;  // all of them
  std::size_t papers = 0;
  std::int16_t first_year = 0;
  std::int16_t last_year = 0;
};

// Of how many papers something is known, and what.
struct Measured {
  std::size_t papers = 0;
  std::uint64_t total = 0;
  std::uint32_t most = 0;

  double mean() const { return papers == 0 ? 0 : static_cast<double>(total) / static_cast<double>(papers); }
};

// What an author's papers are in numbers. Each paper counts once.
struct AuthorStatistics {
  std::size_t papers = 0;
  std::vector<NamedCount> years;       // from the first to the last, years without a paper too
  std::vector<NamedCount> categories;  // all of a paper's
  std::vector<CoAuthor> co_authors;    // those with most papers first
  Measured authors;                    // of a paper, the author included
  std::size_t alone = 0;               // papers without anybody else
  Measured pages;                      // where the comment tells
  Measured versions;
  std::size_t revised = 0;    // with more than one version
  std::size_t published = 0;  // the record names a journal, a book or a DOI
  std::size_t withdrawn = 0;
  std::vector<NamedCount> venues;  // where they are known
};

// [any thread]
AuthorProfile profile_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> theirs);
AuthorStatistics statistics_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> theirs);

}  // namespace bibsmith::fetchers
