#pragma once

#include <string_view>

namespace bibsmith::bibtex {

// Whether a capitalised word keeps its capital in English prose: "Gaussian", "Higgs", "Poincaré's".
bool is_proper_noun(std::string_view word);

}  // namespace bibsmith::bibtex
