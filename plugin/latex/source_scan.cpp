#include "plugin/latex/source_scan.hpp"

#include <array>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

std::optional<SourceFormat> source_format(std::string_view path) {
  constexpr std::array formats = std::to_array<std::pair<std::string_view, SourceFormat>>({
      {".tex", SourceFormat::tex},
      {".ltx", SourceFormat::tex},
      {".aux", SourceFormat::aux},
      {".bcf", SourceFormat::bcf},
      {".md", SourceFormat::markdown},
      {".markdown", SourceFormat::markdown},
      {".qmd", SourceFormat::markdown},
      {".rmd", SourceFormat::markdown},
      {".typ", SourceFormat::typst},
      {".org", SourceFormat::org},
  });
  for (const auto& [end, format] : formats) {
    if (path.size() <= end.size()) continue;
    const std::string_view last = path.substr(path.size() - end.size());
    const bool is_same = std::equal(end.begin(), end.end(), last.begin(),
                                    [](char wanted, char c) { return wanted == bibtex::lower(c); });
    if (is_same) return format;
  }
  return std::nullopt;
}

SourceScan scan_source(std::string_view text, SourceFormat format) {
  switch (format) {
    case SourceFormat::tex:
      return scan_tex(text);
    case SourceFormat::aux:
      return scan_aux(text);
    case SourceFormat::bcf:
      return scan_bcf(text);
    case SourceFormat::markdown:
      return scan_markdown(text);
    case SourceFormat::typst:
      return scan_typst(text);
    case SourceFormat::org:
      return scan_org(text);
  }
  return {};
}

}  // namespace bibsmith::plugin
