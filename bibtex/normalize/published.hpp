#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// Whether the record tells where the paper was published, and what became of its witnesses.
struct PublishedDecision {
  std::optional<Publication> publication;  // whole and consistent, or nothing
  std::optional<Doi> doi;                  // of that publication
  // Why not, when there was something to decide on; or what was overruled. Codes: docs/normalizing.md.
  NormalizeFindings findings;
  // What each value was taken from, for people: "journal_ref", "doi (10.1103 %c.%v.%l)", "crossref".
  std::vector<std::string> witnesses;
};

// The gate between preprint and published entry: published only from a record whose journal_ref, DOIs, parts
// and comment do not contradict each other and say enough to find the paper. A hybrid is never made. Pure.
// [any thread]
PublishedDecision decide_published(const Record& record);

// "43 002" and "e43002", "L005" and "l5": the same article number or first page.
bool same_locator(std::string_view a, std::string_view b);

}  // namespace bibsmith::bibtex
