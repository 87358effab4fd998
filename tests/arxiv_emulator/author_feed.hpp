#pragma once

#include <chrono>
#include <string_view>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/archive.hpp"

namespace bibsmith::emulator {

// What arXiv answers to /a/NAME for NAME "lee_j_1.atom": the papers that the author claims, newest first, in
// the shape of arXiv's author pages, which is not that of the API. 400 for anybody else. [any thread]
Answer answer_author_feed(const Archive& archive, std::string_view name, std::chrono::sys_seconds now);

}  // namespace bibsmith::emulator
