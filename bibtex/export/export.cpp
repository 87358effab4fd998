#include "bibtex/export/export.hpp"

#include <vector>

#include "bibtex/export/formats.hpp"
#include "bibtex/export/type_names.hpp"
#include "bibtex/write/write_entry.hpp"

namespace bibsmith::bibtex {

namespace {

std::string to_bib(std::span<const Entry> entries, Dialect dialect) {
  std::string out;
  for (const Entry& entry : entries) {
    if (!out.empty()) out += '\n';
    out += write_entry(to_dialect(entry, dialect), {}) + '\n';
  }
  return out;
}

}  // namespace

std::optional<ExportFormat> export_format(std::string_view name) {
  if (name == "bibtex") return ExportFormat::bibtex;
  if (name == "biblatex") return ExportFormat::biblatex;
  if (name == "csl-json") return ExportFormat::csl_json;
  if (name == "ris") return ExportFormat::ris;
  if (name == "hayagriva") return ExportFormat::hayagriva;
  return std::nullopt;
}

std::string export_entries(std::span<const Entry> entries, ExportFormat format) {
  std::vector<Entry> works;
  for (const Entry& entry : entries) {
    if (!is_no_work(entry)) works.push_back(entry);
  }
  switch (format) {
    case ExportFormat::bibtex:
      return to_bib(works, Dialect::bibtex);
    case ExportFormat::biblatex:
      return to_bib(works, Dialect::biblatex);
    case ExportFormat::csl_json:
      return to_csl_json(works);
    case ExportFormat::ris:
      return to_ris(works);
    case ExportFormat::hayagriva:
      break;
  }
  return to_hayagriva(works);
}

}  // namespace bibsmith::bibtex
