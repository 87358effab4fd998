#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "bibtex/write/style.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// What a user asks for; the rest is the look that most entries of the file have already.
struct FormatOptions {
  std::optional<std::string> indent;            // before each field
  std::optional<std::uint32_t> equals_column;   // of '=', counted from the field's name; 0: not aligned
  std::optional<bool> has_quotes;               // "value" or {value}
  std::optional<bibtex::LetterCase> word_case;  // of entry types and field names
};

struct FormatAnswer {
  bool changes = false;  // the file was, or would be, changed
  std::string diff;      // unified
};

// What laying out the .bib at `path` anew would change; nothing is written.
tl::expected<FormatAnswer, FileError> plan_format(const std::string& path, const FormatOptions& options);

// Does it. The new text is read again first: if it did not say the same as the old one, nothing would be
// written, and the error would say so.
tl::expected<FormatAnswer, FileError> format_file(const std::string& path, const FormatOptions& options,
                                                  const ChangeContext& context);

}  // namespace bibsmith::plugin
