#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/normalize/finding.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/reference_tokens.hpp"
#include "fetchers/record/date.hpp"

namespace bibsmith::bibtex {

// Where in a container a work is: what stands behind the name in a reference.
struct Locator {
  std::string volume;
  std::string number;
  std::string pages;  // "101-128"
  std::string eid;
  Date date;

  bool empty() const {
    return volume.empty() && number.empty() && pages.empty() && eid.empty() && !date.known();
  }
};

struct LocatorContext {
  PagePractice practice = PagePractice::pages;
  bool physical_review = false;  // article numbers from 2001 on only
  int leading_year = 0;          // stood before the name
  bool year_last = false;        // a number at the end is the year without doubt
  bool proceedings = false;      // a lone number is no volume; days of meetings are to be expected
};

// Reads tokens [from, to) and marks those that it understands. Rules and examples: docs/journal-ref.md.
Locator read_locator(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to,
                     const LocatorContext& context, NormalizeFindings& findings);

}  // namespace bibsmith::bibtex
