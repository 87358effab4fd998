#pragma once

#include <cstdint>
#include <string_view>

namespace bibsmith::fetchers {

// Fields between which people go to and fro. arXiv's archives are too fine for that (a statistician posts to
// stat, cs and math) and "math" too coarse.
enum class CategoryArea : std::uint8_t {
  unknown,
  data,         // cs, stat, eess, and of math: probability, statistics, optimisation, numerics, information
  mathematics,  // the rest of math
  high_energy,  // hep-*, gr-qc, nucl-*
  astronomy,
  matter,  // cond-mat, quant-ph, physics, nlin, math-ph
  biology,
  economics,  // econ, q-fin
};

// The area of a category of arXiv's taxonomy (arxiv.org/category_taxonomy), old archives too. [any thread]
CategoryArea area_of(std::string_view category);

}  // namespace bibsmith::fetchers
