#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "plugin/session/cite.hpp"
#include "plugin/session/history.hpp"

namespace bibsmith::plugin {

// Where one field of an entry came from.
struct Explanation {
  std::string field;
  std::string rule;
  std::string source;     // "arxiv-atom authors"
  std::string retrieved;  // RFC 3339
};

std::vector<Explanation> explain_fields(const CitedPaper& paper);

// "2017-06-12T17:57:34Z"
std::string time_of(std::chrono::sys_seconds time);

// The sources of a text: "arxiv-atom,crossref" are two.
std::vector<std::string> sources_of(const RecordedSpan& span);

}  // namespace bibsmith::plugin
