#pragma once

#include <string>
#include <string_view>

#include "tests/arxiv_emulator/stored_paper.hpp"

namespace bibsmith::emulator {

struct OaiFormat {
  std::string_view prefix;
  std::string_view schema;
  std::string_view name_space;
};

inline constexpr OaiFormat oai_formats[] = {
    {"oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
     "http://www.openarchives.org/OAI/2.0/oai_dc/"},
    {"arXiv", "http://arxiv.org/OAI/arXiv.xsd", "http://arxiv.org/OAI/arXiv/"},
    {"arXivRaw", "http://arxiv.org/OAI/arXivRaw.xsd", "http://arxiv.org/OAI/arXivRaw/"},
};

// The <header> element: identifier, datestamp (a day), sets.
std::string oai_header(const StoredPaper& paper);

// The <record> element; `prefix` is one of oai_formats.
std::string oai_record(const StoredPaper& paper, std::string_view prefix);

}  // namespace bibsmith::emulator
