#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/syntax/span.hpp"
#include "plugin/session/history.hpp"

namespace bibsmith::plugin {

// Why the new text of a span cannot be taken back.
struct LostSpan {
  std::size_t place = 0;  // in RecordedChange::spans
  std::string message;    // one line without the file: the entry, and what stands there now
};

// Where the new texts of a change stand in a text that may have been edited since, one for each of its spans.
// A place must be certain: in the very text that the change made it is known; else the new text must stand
// exactly once in the entry or field that it was made for (or in the file, if it was made for none), between
// what stood around it. Places do not overlap.
//
// Time is bounded by the size of the text and, of spans without an entry, by a limit on what is searched.
tl::expected<std::vector<bibtex::Span>, std::vector<LostSpan>> locate_spans(const RecordedChange& change,
                                                                            const std::string& text);

// `text` on one line: white space collapsed, cut after `bytes_max` at the end of a character, with "…".
std::string one_line(std::string_view text, std::size_t bytes_max);

}  // namespace bibsmith::plugin
