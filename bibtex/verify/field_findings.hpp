#pragma once

#include <span>
#include <vector>

#include "bibtex/verify/judge.hpp"
#include "bibtex/verify/work_match.hpp"

namespace bibsmith::bibtex {

// What is said of a field and what the records of the work know of it. `works` are the matches of the same
// work, the best first, never empty. One finding at least where the claim says something; codes:
// docs/verifying.md.

FieldFinding judge_title(const ClaimText& claim, std::span<const WorkMatch> works, const Evidence& evidence);
std::vector<FieldFinding> judge_authors(const ClaimText& claim, std::span<const WorkMatch> works);

// `authors` are the findings about them: where they are wrong, nothing speaks for a venue that no record
// knows.
FieldFinding judge_venue(const ClaimText& claim, std::span<const WorkMatch> works,
                         std::span<const FieldFinding> authors, const Evidence& evidence);

// `others` are the findings about authors and venue: a year that is off by one is forgiven where they fit.
FieldFinding judge_year(const ClaimText& claim, std::span<const WorkMatch> works,
                        std::span<const FieldFinding> others, const JudgeOptions& options);

// Volume, number and pages, by the records of the same venue.
std::vector<FieldFinding> judge_locators(const ClaimText& claim, std::span<const WorkMatch> works,
                                         const FieldFinding& venue);

// DOI and arXiv id. `all` are the matches of all candidates; `works` may be empty here.
std::vector<FieldFinding> judge_identifiers(const ClaimText& claim, std::span<const WorkMatch> all,
                                            const Evidence& evidence);

}  // namespace bibsmith::bibtex
