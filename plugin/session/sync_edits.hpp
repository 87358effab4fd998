#pragma once

#include <vector>

#include "bibtex/merge/merge_library.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// What makes the file of `document` what the merge wants it to be: fields changed in their places, entries
// inserted in the file's style and removed, keys renamed with what names them. Sorted, without overlaps: of
// two edits that would meet the later one waits for the next merge.
std::vector<LabelledEdit> sync_edits(const bibtex::Document& document,
                                     const std::vector<bibtex::MergedEntry>& merged);

}  // namespace bibsmith::plugin
