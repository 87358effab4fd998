#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "plugin/session/cite.hpp"

namespace bibsmith::plugin {

// Where one field of an entry came from.
struct Explanation {
  std::string field;
  std::string rule;
  std::string source;     // "arxiv-atom authors"
  std::string retrieved;  // RFC 3339
};

std::vector<Explanation> explain_fields(const CitedPaper& paper);

// The same for people, in lines that begin with '%': the output of get stays a .bib file.
std::string explanation_of(const CitedPaper& paper);

// "2017-06-12T17:57:34Z"
std::string time_of(std::chrono::sys_seconds time);

}  // namespace bibsmith::plugin
