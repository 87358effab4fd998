#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/check/check.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

// Which findings a user wants to see. A code stands for itself and for what is under it: "syntax" for
// "syntax.missing-comma".
struct CheckFilter {
  std::vector<std::string> only;    // empty: all
  std::vector<std::string> ignore;  // stronger than `only`

  bool shows(std::string_view code) const;
};

// One finding with its place as people count: from 1, columns in characters.
struct PlacedFinding {
  bibtex::Diagnostic diagnostic;
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t end_line = 1;
  std::size_t end_column = 1;
  std::string key;  // of the entry that it lies in, if it does
};

struct CheckedFile {
  std::string path;
  bibtex::Dialect dialect = bibtex::Dialect::bibtex;
  std::string text;
  std::vector<PlacedFinding> findings;
};

struct CheckAnswer {
  std::vector<CheckedFile> files;
  std::vector<FileError> failures;

  std::size_t count(bibtex::Severity severity) const;
};

// Findings with their places as people count them.
std::vector<PlacedFinding> place(const bibtex::Document& document, std::vector<bibtex::Diagnostic> found);

// Checks a text. `macros`: known from texts before it, in lower case; those that it defines are added.
CheckedFile check_text(std::string path, std::string text, std::optional<bibtex::Dialect> dialect,
                       const CheckFilter& filter, std::vector<std::string>& macros);

// Checks files in order; a macro that one of them defines is known in those behind it, as in
// \bibliography{strings,refs}.
CheckAnswer check_files(std::span<const std::string> paths, std::optional<bibtex::Dialect> dialect,
                        const CheckFilter& filter);

}  // namespace bibsmith::plugin
