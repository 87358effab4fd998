#pragma once

#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// Takes the parts of the names (family, given, suffix) from `other`, which describes the same paper, when it
// has the same authors in the same order: names are compared by their letters and digits, ASCII case aside.
// The names themselves and the affiliations stay; the authors are then marked as `other`'s. Returns whether
// it did. [any thread]
bool take_author_parts(Record& record, const Record& other);

}  // namespace bibsmith::fetchers
