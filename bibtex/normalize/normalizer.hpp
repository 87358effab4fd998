#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// Which submission dates the entry. Without a version in the id that was asked for, v1; with one, that
// version.
enum class YearPolicy : std::uint8_t { first_version, cited_version };

struct NormalizeOptions {
  Dialect dialect = Dialect::bibtex;
  TextEncoding encoding = TextEncoding::latex;
  YearPolicy year = YearPolicy::first_version;
  bool pinned = false;              // the user named a version: it stays in eprint and url, and dates the entry
  std::size_t authors_max = 0;      // more are cut and "others" added; 0: all are kept
  std::string citation_key;         // empty: made by the default pattern ("vaswani2017attention")
};

// Something that the user should know about how the entry came to be.
struct NormalizeFinding {
  std::string code;     // stable: "title.unbalanced-math"
  std::string message;  // one line
};

struct NormalizedEntry {
  Entry entry;
  std::vector<NormalizeFinding> findings;
};

// Record -> Entry. Total: any Record gives an entry whose values are balanced and safe in LaTeX. Pure.
NormalizedEntry normalize(const Record& record, const NormalizeOptions& options);

}  // namespace bibsmith::bibtex
