#pragma once

#include <string_view>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/archive.hpp"

namespace bibsmith::emulator {

// What /abs/<id> answers: a page with the citation_* meta elements of arXiv's abstract pages and little else.
Answer answer_abs(const Archive& archive, std::string_view id);

}  // namespace bibsmith::emulator
