#pragma once

#include <span>
#include <string_view>

#include "plugin/session/file_change.hpp"
#include "plugin/session/history.hpp"

namespace bibsmith::plugin {

// The edits of the text `before` as the history keeps them. Edits of one entry for one reason are one span
// with what stands between them: a hundred changes of white space would hardly be found again, the entry is.
// `pieces` are those of the new text, edited_pieces().
PackedSpans recorded_spans(std::string_view before, std::span<const LabelledEdit> edits,
                           std::span<const std::string_view> pieces);

}  // namespace bibsmith::plugin
