#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/syntax/diagnostic.hpp"
#include "plugin/session/acceptance.hpp"
#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// One thing that is said of a reference that was verified, at one of its fields.
struct VerifiedFinding {
  std::string code;  // "verify.year.other": "verify." and a code of docs/verifying-rules.md
  bibtex::Severity severity = bibtex::Severity::warning;
  std::string message;
  std::vector<std::string_view> fields;  // where it stands: the first of them that the entry has, or the key
};

// What became of a reference, in a form that outlives edits of its bibliography: by key and names of fields.
struct EntryVerdict {
  std::string key;
  std::size_t text_hash = 0;  // of the entry: of one that was changed since, nothing is said
  std::vector<VerifiedFinding> findings;
  bibtex::EntryChange change;  // what is wrong, as the record has it; may be empty
  std::string source;          // whose record that is: "crossref"
  Acceptance acceptance;       // what accepting it as it is accepts, without a reason
};

std::size_t hash_of_entry(const bibtex::Document& document, const bibtex::Block& entry);

// The references that there is something to say of: wrong, not verified, not there, or with a notice. What
// was accepted, in the settings or in `accepted`, is left out. `document` is what was verified.
std::vector<EntryVerdict> verdicts_of(const VerifyAnswer& answer, const bibtex::Document& document,
                                      const Acceptances& accepted);

}  // namespace bibsmith::plugin
