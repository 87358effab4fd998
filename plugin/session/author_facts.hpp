#pragma once

#include "bibtex/normalize/normalizer.hpp"
#include "fetchers/profile/authored_paper.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::plugin {

// The names of a record's authors, ready to be compared: in parts, transliterated.
std::vector<fetchers::PersonName> person_names(const Record& record);

// What a profile needs of a record. `entry`: what the normalizer made of it, which knows best where it was
// published; nullptr: not needed. Pure. [any thread]
fetchers::AuthoredPaper authored_paper(const Record& record, const bibtex::NormalizedEntry* entry);

}  // namespace bibsmith::plugin
