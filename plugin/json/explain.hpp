#pragma once

#include <string>
#include <vector>

#include "plugin/session/cite.hpp"
#include "plugin/session/history.hpp"
#include "plugin/session/time_text.hpp"

namespace bibsmith::plugin {

// Where one field of an entry came from.
struct Explanation {
  std::string field;
  std::string rule;
  std::string source;     // "arxiv-atom authors"
  std::string retrieved;  // RFC 3339
};

std::vector<Explanation> explain_fields(const CitedPaper& paper);

// The sources of a text: "arxiv-atom,crossref" are two.
std::vector<std::string> sources_of(const RecordedSpan& span);

}  // namespace bibsmith::plugin
