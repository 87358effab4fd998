// Any text: findings lie in it; laid out anew it says the same, and once is enough; so is renaming keys once;
// any format can be made of it.
#include <cstdint>
#include <string>
#include <vector>

#include "bibtex/check/check.hpp"
#include "bibtex/edit/reformat.hpp"
#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/export/export.hpp"
#include "bibtex/model/inheritance.hpp"

using namespace bibsmith::bibtex;

namespace {

void lay_out(const Document& document, const Layout& layout) {
  const auto changed = apply_edits(document.text(), reformat(document, layout));
  if (!changed) __builtin_trap();
  const Document again = Document::parse(*changed);
  if (!is_same_content(document, again, layout)) __builtin_trap();
  if (!reformat(again, layout).empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Document document = Document::parse(std::string(reinterpret_cast<const char*>(data), size));
  for (const Diagnostic& finding : check(document)) {
    if (finding.span.begin > finding.span.end || finding.span.end > size) __builtin_trap();
  }
  lay_out(document, {});
  lay_out(document, {{}, true, true});

  const auto pattern = KeyPattern::parse("[auth:lower][year][veryshorttitle]");
  const KeyPlan plan = plan_keys(document, *pattern, Dialect::bibtex);
  if (!apply_edits(document.text(), rename_keys(document, plan.renames))) __builtin_trap();

  const Macros macros(document);
  std::vector<Entry> entries;
  for (const Block& block : document.entries()) {
    entries.push_back(resolve_entry(document, macros, block, Dialect::biblatex));
  }
  for (const ExportFormat format : {ExportFormat::bibtex, ExportFormat::biblatex, ExportFormat::csl_json,
                                    ExportFormat::ris, ExportFormat::hayagriva}) {
    export_entries(entries, format);
  }
  return 0;
}
