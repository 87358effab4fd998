#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "fetchers/profile/authored_paper.hpp"
#include "fetchers/profile/coauthor_groups.hpp"

namespace bibsmith::fetchers {

// Why a paper is, or is not, a person's: positive speaks for it. Weights add up to the logarithm of odds.
struct PersonReason {
  std::string code;  // stable: "co-authors", "name", "categories", "years", "affiliation", "orcid", "user"
  std::string text;  // for people, without a stop: "Qi Lei and 2 others are co-authors of other papers"
  double weight = 0;
};

// A paper by somebody of the name.
struct AttributedPaper {
  NamedPaper named;
  double certainty = 0;  // from 0 to 1: that it is this person's
  std::vector<PersonReason> reasons;
};

struct PersonPapers {
  std::vector<AttributedPaper> papers;  // in the order of the input
};

// What the user said. arXiv ids without version.
struct Corrections {
  std::set<std::string> theirs;
  std::set<std::string> not_theirs;
};

// Tells the people of one name apart. Every paper that has an author whose name agrees with `wanted` is in
// exactly one result; the first is the person who is looked for (empty if there is no such paper), the others
// are the namesakes, those with most papers first.
//
// 1. Papers that share co-authors are one person's: coauthor_groups().
// 2. The person begins as the group with a paper of corrections.theirs, else as the largest group in the area
//    in which most papers have the name in full.
// 3. Further groups join while the evidence adds up to more than 0: the form of the name, the categories
//    compared with those that the person has already, the distance in years, shared co-authors. That a group
//    of many papers shares nobody speaks against it, more the more its papers and the person's are linked.
// docs/authors.md has the weights. [any thread]
std::vector<PersonPapers> tell_apart(std::span<const AuthoredPaper> papers, const PersonName& wanted,
                                     const Corrections& corrections);

// The papers by somebody of the name, each with the author whose name agrees best.
std::vector<NamedPaper> papers_of_name(std::span<const AuthoredPaper> papers, const PersonName& wanted);

}  // namespace bibsmith::fetchers
