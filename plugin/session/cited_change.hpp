#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/session/file_change.hpp"
#include "plugin/session/file_text.hpp"

namespace bibsmith::plugin {

// A change of a .bib file and of the TeX files that cite it.
struct CitedChange {
  std::string bib;
  std::vector<std::string> tex;
  std::function<std::vector<LabelledEdit>(const FileText& text)> plan_bib;
  // Called after plan_bib, for each file in turn.
  std::function<std::vector<LabelledEdit>(const std::string& path, const std::string& text)> plan_tex;
};

// All files change, or none does. Returns whether the .bib file did.
tl::expected<bool, FileError> change_with_citations(const CitedChange& change, std::string_view command,
                                                    const ChangeContext& context);

// The text of a file that has to be there.
tl::expected<std::string, FileError> read_existing(const std::string& path);

}  // namespace bibsmith::plugin
