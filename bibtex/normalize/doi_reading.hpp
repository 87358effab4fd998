#pragma once

#include <optional>
#include <string_view>

#include "fetchers/record/doi.hpp"
#include "fetchers/record/publication.hpp"

namespace bibsmith::bibtex {

// What a publisher wrote into a DOI: a second witness of where a paper came out, which needs no network.
struct DoiReading {
  Publication publication;  // what the suffix says; container in full, the rest empty where it says nothing
  bool year_is_loose = false;  // of acceptance, say: the issue may be of the year before or behind
  std::string_view form;       // the row of the table that was followed: "10.1103 %c.%v.%l"
};

// Reads the DOI by the table of publishers' forms in doi_reading.cpp (docs/normalizing.md lists them).
// nullopt: no form fits. The suffix is the publisher's business (DOI Handbook, section 2.2.3), so a reading
// is a witness and no proof. [any thread]
std::optional<DoiReading> read_doi(const Doi& doi);

}  // namespace bibsmith::bibtex
