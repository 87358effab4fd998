#pragma once

#include <string>

#include "plugin/session/undo.hpp"

namespace bibsmith::plugin {

// One change on a line, with tabs between: number, time, command, entries, sources, what became of it.
std::string line_of(const RecordedChange& change);

// One text of a change on a line: "KEY FIELD: OLD -> NEW (REASON, SOURCE)".
std::string line_of(const RecordedSpan& span);

}  // namespace bibsmith::plugin
