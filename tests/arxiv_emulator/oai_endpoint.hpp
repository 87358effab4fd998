#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/archive.hpp"
#include "tests/arxiv_emulator/atom_endpoint.hpp"
#include "tests/arxiv_emulator/form.hpp"

namespace bibsmith::emulator {

struct OaiPaging {
  std::size_t records = 2500;
  std::size_t headers = 20'000;
};

// What /oai answers: OAI-PMH 2.0 as arXiv's server of March 2025 speaks it. Errors have the HTTP status 200.
//
// Items are papers, without versions; datestamps are the days of their last changes. A resumption token holds
// the whole request and how many records to skip, so the server remembers nothing. [any thread]
Answer answer_oai(const Archive& archive, const Form& form, OaiPaging paging, std::chrono::sys_seconds now,
                  Distortion distortion = Distortion::none);

}  // namespace bibsmith::emulator
