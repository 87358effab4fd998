#pragma once

#include <string_view>
#include <vector>

#include "fetchers/record/record.hpp"

namespace bibsmith {

// The names of an author line as typed ("A. First and B. Second (MIT), C. Third, Jr."), each with its suffix,
// without what stands in parentheses. arXivRaw has no more than the line. [any thread]
std::vector<Author> authors_of_line(std::string_view line);

}  // namespace bibsmith
