#pragma once

#include <string>
#include <vector>

namespace bibsmith::bibtex {

// Something that the user should know about how the entry came to be.
struct NormalizeFinding {
  std::string code;     // stable: "title.unbalanced-math"
  std::string message;  // one line

  friend bool operator==(const NormalizeFinding&, const NormalizeFinding&) = default;
};

using NormalizeFindings = std::vector<NormalizeFinding>;

}  // namespace bibsmith::bibtex
