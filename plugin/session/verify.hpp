#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "plugin/session/evidence_search.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// "wrong fields (author, year)", "does not exist", ...: a verdict as people read it.
std::string in_words(const bibtex::Verdict& verdict);

// A text that names works, and which of them are meant.
struct ReferenceText {
  // Tells its kind by its end: ".bbl"; ".txt", ".html" or ".htm", a list as people paste it; or else a .bib
  // file.
  // "-": a .bib file or a list, whatever it is.
  std::string path;
  std::string text;
  std::optional<std::set<std::string>> keys;  // only these; none: all
};

// One reference, and what became of it.
struct VerifiedReference {
  std::string key;
  std::string title;     // as the reference has it, plain text
  std::size_t line = 1;  // of the key, as people count
  std::size_t column = 1;
  FoundEvidence found;
  std::string accepted;  // why somebody found it right (Acceptance::reason); empty: nobody did

  // Something speaks against it, or nothing for it.
  bool is_finding() const { return found.verdict.kind != bibtex::VerdictKind::verified; }
  // And nobody has accepted it.
  bool is_open() const { return is_finding() && accepted.empty(); }
  // It is no finding of the reference: a source could not be asked about it.
  bool was_not_asked() const;
};

struct VerifiedFile {
  std::string path;
  std::vector<VerifiedReference> references;  // in the order of the file
};

struct VerifyAnswer {
  std::vector<VerifiedFile> files;
  std::vector<FileError> failures;
  std::vector<std::string> unasked;  // why sources could not be asked, one line each, each once

  std::size_t count(bibtex::VerdictKind kind) const;
  std::size_t accepted() const;
  std::size_t size() const;
  // The reference of that key; nullptr: there is none.
  const VerifiedReference* find(std::string_view key) const;
};

// Whether there are the works that the texts name, and whether they say it right. Nothing is changed. All
// texts are asked about together. What the settings accept is marked. Verdicts are those of bibtex/verify;
// docs/verifying.md says what they mean.
VerifyAnswer verify_texts(Session& session, std::vector<ReferenceText> texts, std::stop_token stop = {},
                          const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
