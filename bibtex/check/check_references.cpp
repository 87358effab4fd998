#include <optional>
#include <string>
#include <string_view>

#include "bibtex/check/findings.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

void check_one(const EntryCheck& check, std::string_view name, std::string_view key, Span span) {
  const std::optional<Block> target = check.document.find(key);
  if (!target) {
    check.findings.add(
        "check.missing-parent", Severity::warning, span,
        "no entry here has the key " + in_quotes(key) + " that " + std::string(name) + " names");
    return;
  }
  // bibtex.web, section 124: a parent must be read after its children. biber reads the file as a whole.
  if (check.dialect == Dialect::bibtex && name == "crossref" && target->index < check.block.index) {
    check.findings.add("check.parent-first", Severity::warning, span,
                       "bibtex needs the crossref parent " + in_quotes(key) + " behind its children");
  }
}

}  // namespace

void check_references(const EntryCheck& check) {
  for (const std::string_view name : {"crossref", "xdata"}) {
    const std::optional<FieldNode> field = check.document.find_field(check.block, name);
    if (!field) continue;
    const Span span = text_span(check.document, *field);
    const std::string list = check.macros.value_text(check.document, *field);
    if (list.empty()) continue;
    std::string_view rest = list;
    while (true) {
      const std::size_t comma = name == "xdata" ? rest.find(',') : std::string_view::npos;
      std::string_view key = rest.substr(0, comma);
      while (!key.empty() && key.front() == ' ') key.remove_prefix(1);
      while (!key.empty() && key.back() == ' ') key.remove_suffix(1);
      if (!key.empty()) check_one(check, name, key, span);
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
}

}  // namespace bibsmith::bibtex
