#include "plugin/session/cited_change.hpp"

#include <utility>

#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

tl::expected<bool, FileError> change_with_citations(const CitedChange& change, std::string_view command,
                                                    const ChangeContext& context) {
  using Edits = tl::expected<std::vector<LabelledEdit>, FileError>;
  std::vector<FilePlan> files;
  FilePlan& bib = files.emplace_back();
  bib.path = change.bib;
  bib.plan = [&change](const FileText& text) -> Edits { return change.plan_bib(text); };
  for (const std::string& path : change.tex) {
    FilePlan& citing = files.emplace_back();
    citing.path = path;
    citing.must_parse = false;
    citing.plan = [&change, &path](const std::string& text) -> Edits { return change.plan_tex(path, text); };
  }
  const auto changed = change_files(files, command, context);
  if (!changed) return tl::unexpected(changed.error());
  return changed->front();
}

tl::expected<std::string, FileError> read_existing(const std::string& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return tl::unexpected(FileError{FileError::Code::not_found, path + ": no such file"});
  return std::move(**text);
}

}  // namespace bibsmith::plugin
