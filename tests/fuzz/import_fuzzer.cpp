// Any bytes: each reader of other programs' references refuses with a message, or gives entries that are
// written as BibTeX without an error of syntax and read back as as many. The first byte chooses the reader.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/export/export.hpp"
#include "bibtex/import/import.hpp"
#include "bibtex/syntax/document.hpp"

namespace {

using namespace bibsmith::bibtex;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr ImportFormat formats[] = {ImportFormat::csl_json, ImportFormat::ris, ImportFormat::hayagriva};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const TextEncoding encoding = data[0] % 2 == 0 ? TextEncoding::utf8 : TextEncoding::latex;
  const auto entries = import_entries(text, formats[data[0] / 2 % 3], encoding);
  if (!entries) {
    require(!entries.error().message.empty() && entries.error().message.find('\n') == std::string::npos);
    return 0;
  }
  for (const ExportFormat format : {ExportFormat::biblatex, ExportFormat::bibtex}) {
    const Document document = Document::parse(export_entries(*entries, format));
    require(document.diagnostics().empty());
    std::size_t count = 0;
    for ([[maybe_unused]] const Block& block : document.entries()) ++count;
    require(count == entries->size());
  }
  export_entries(*entries, ExportFormat::csl_json);
  export_entries(*entries, ExportFormat::ris);
  export_entries(*entries, ExportFormat::hayagriva);
  return 0;
}
