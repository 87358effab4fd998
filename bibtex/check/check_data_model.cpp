#include <string>
#include <string_view>

#include "bibtex/check/data_model.hpp"
#include "bibtex/check/findings.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// "author|editor" as the message has it, and whether the entry has one of them.
struct Alternatives {
  std::string words;
  bool is_there = false;
};

Alternatives look_for(const Entry& entry, std::string_view fields) {
  Alternatives found;
  while (true) {
    const std::size_t bar = fields.find('|');
    const std::string_view name = fields.substr(0, bar);
    if (!found.words.empty()) found.words += " or ";
    found.words += '\'' + std::string(name) + '\'';
    found.is_there = found.is_there || !field_text(entry, name).empty();
    if (bar == std::string_view::npos) return found;
    fields.remove_prefix(bar + 1);
  }
}

void check_required(const EntryCheck& check, const EntryType& type) {
  for (const Requirement& requirement : type.required) {
    const Alternatives found = look_for(check.entry, requirement.fields);
    if (found.is_there) continue;
    check.findings.add("check.missing-field", requirement.is_weak ? Severity::note : Severity::warning,
                       check.block.key.empty() ? check.block.type : check.block.key,
                       "@" + std::string(type.name) + " has no " + found.words);
  }
}

}  // namespace

void check_data_model(const EntryCheck& check) {
  const std::string_view written = check.document.text(check.block.type);
  const EntryType* type = find_entry_type(check.dialect, written);
  if (type != nullptr) {
    check_required(check, *type);
  } else if (find_entry_type(Dialect::biblatex, written) == nullptr && !is_custom_type(written)) {
    const std::string_view near = near_entry_type(written);
    check.findings.add("check.unknown-type", Severity::warning, check.block.type,
                       "no style knows the entry type " + in_quotes(written) +
                           (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }
  for (const FieldNode& field : check.document.fields(check.block)) {
    const std::string_view name = check.document.text(field.name);
    if (name.empty() || is_known_field(name)) continue;
    if (const std::string_view near = near_field(name); !near.empty()) {
      check.findings.add(
          "check.misspelt-field", Severity::warning, field.name,
          "no style knows the field " + in_quotes(name) + "; did you mean '" + std::string(near) + "'?");
    }
  }
}

}  // namespace bibsmith::bibtex
