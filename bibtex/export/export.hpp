#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

enum class ExportFormat : std::uint8_t { bibtex, biblatex, csl_json, ris, hayagriva };

// "csl-json" and so on; nullopt: no such format.
std::optional<ExportFormat> export_format(std::string_view name);

// Resolved entries (see resolve_entry) in another format, with a final line end. CSL-JSON (schema 1.0.2), RIS
// (Research Information Systems, 2011) and Hayagriva YAML (0.5) get Unicode for LaTeX; BibTeX and biblatex
// get the types and field names of that dialect. docs/export.md has the tables. Entries that describe no work
// (@xdata, @set) are left out. Pure. [any thread]
std::string export_entries(std::span<const Entry> entries, ExportFormat format);

}  // namespace bibsmith::bibtex
