#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/normalize/normalizer.hpp"
#include "bibtex/syntax/document.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// An entry made anew from the record of its paper, whatever it says: what `wanted`, the normalizer's entry of
// that record, has, and of its own only the key and the fields that no record speaks of (keywords, file, …).
// One edit, since half of it would be an entry that is neither the preprint nor the publication. nullopt: it
// is so already. The error is why it is left alone: the record is that of another work, its author asked to
// keep it, or it cannot be read for certain. Pure. [any thread]
tl::expected<std::optional<TextEdit>, std::string> rebuild_entry(const Document& document, const Block& entry,
                                                                 const Record& record, const Entry& wanted);

}  // namespace bibsmith::bibtex
