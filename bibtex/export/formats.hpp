#pragma once

#include <span>
#include <string>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// One function a format, each in its file; export_entries() calls them.
std::string to_csl_json(std::span<const Entry> entries);
std::string to_ris(std::span<const Entry> entries);
std::string to_hayagriva(std::span<const Entry> entries);

// The entry under the type and field names of `dialect` (biblatex manual, sections 2.1.2 and 2.2.5: the
// aliases): @online and @misc, journaltitle and journal, date and year with month, and so on.
Entry to_dialect(const Entry& entry, Dialect dialect);

}  // namespace bibsmith::bibtex
