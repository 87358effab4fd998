#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

struct CheckOptions {
  std::optional<Dialect> dialect;         // nullopt: as measure_dialect() has it
  std::vector<std::string> known_macros;  // defined elsewhere, in lower case: by another file or by the style
};

// What is wrong in a .bib file, by place: the findings of the parser ("syntax..."), undefined macros
// ("model...") and what the data models of BibTeX and biblatex and the usual mistakes have us say
// ("check..."). docs/check.md describes each code. Pure; any text is taken; at most findings_max findings.
// [any thread]
std::vector<Diagnostic> check(const Document& document, const CheckOptions& options = {});

// Every code that begins with "check.", sorted.
std::span<const std::string_view> check_codes();

}  // namespace bibsmith::bibtex
