#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/export/export.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What a .bib text holds, as a style sees it: see resolve_entry().
struct ResolvedEntries {
  std::vector<bibtex::Entry> entries;
  std::vector<std::string> repeated;  // keys that an earlier entry has; they are left out, as BibTeX does
};
tl::expected<ResolvedEntries, FileError> resolved_entries(std::string text, const std::string& name);

// The entries of a text in a format that we read: "bib" (or "bibtex", "biblatex"), "csl-json", "ris" and
// "hayagriva"; without `from` as the ending of `name` tells, and a .bib if it tells nothing. For the format
// `to` they are written in LaTeX or in UTF-8. nullopt: `from` is none of these.
std::optional<tl::expected<ResolvedEntries, FileError>> entries_of_text(
    const std::string& text, const std::string& name, const std::optional<std::string>& from,
    std::string_view to);

// Entries in a format of ours or of a plugin. Errors: there is none of that name (rejected), or the plugin
// failed.
tl::expected<std::string, FetchError> entries_in_format(Session& session,
                                                        std::span<const bibtex::Entry> entries,
                                                        const std::string& format,
                                                        const std::stop_token& stop);

// Whether `format` is one of ours, or a plugin's that the user has named.
bool is_known_format(Session& session, const std::string& format);

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
