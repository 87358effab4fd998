#pragma once

#include <string>

#include "plugin/session/cite.hpp"

namespace bibsmith::plugin {

// Where each field of an entry came from, for people, in lines that begin with '%': the output of get stays a
// .bib file.
std::string explanation_of(const CitedPaper& paper);

}  // namespace bibsmith::plugin
