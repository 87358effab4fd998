#pragma once

#include <string>
#include <string_view>

#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/publication.hpp"

namespace bibsmith::bibtex {

struct ReadReference {
  Publication publication;
  std::string rest;
  bool forthcoming = false;
};

// Reads one reference, made plain and without identifiers. `previous` is what "ibid." means, or nullptr.
ReadReference read_reference(std::string_view text, const Publication* previous, NormalizeFindings& findings);

}  // namespace bibsmith::bibtex
