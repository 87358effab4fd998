#pragma once

#include <vector>

#include "fetchers/cache/store.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// The records in a stored answer of any source; none if it cannot be read. [any thread]
std::vector<Record> records_of(const StoredAnswer& answer);

}  // namespace bibsmith::fetchers
