#pragma once

#include <string>
#include <string_view>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/archive.hpp"

namespace bibsmith::emulator {

// What "Export BibTeX Citation" on arXiv prints for the paper, byte for byte. `latest` is the last version
// that counts: its year becomes the year.
std::string bibtex_export(const StoredPaper& paper, const StoredVersion& latest);

// What /bibtex/<id> answers, with arXiv's bodies for a bad id, an unknown paper and an unknown version.
Answer answer_bibtex(const Archive& archive, std::string_view id);

// An identifier and its version, taken apart. `good` is false for what arXiv calls a bad id.
struct RequestedId {
  bool good = false;
  std::string paper;
  int version = 0;  // 0: the current one
};
RequestedId parse_requested_id(std::string_view text);

}  // namespace bibsmith::emulator
