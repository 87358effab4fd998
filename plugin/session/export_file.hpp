#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/export/export.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

struct ExportAnswer {
  std::string text;
  std::size_t entries = 0;
  std::vector<std::string> repeated;  // keys that an earlier entry has; they are left out, as BibTeX does
};

// The entries of a .bib text in another format. `name` is what the errors call it.
tl::expected<ExportAnswer, FileError> export_text(std::string text, const std::string& name,
                                                  bibtex::ExportFormat format);

// The whole .bib at `path` in another format, with macros expanded and inherited fields filled in.
tl::expected<ExportAnswer, FileError> export_file(const std::string& path, bibtex::ExportFormat format);

}  // namespace bibsmith::plugin
