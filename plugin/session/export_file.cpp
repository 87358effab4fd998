#include "plugin/session/export_file.hpp"

#include <utility>

#include "bibtex/import/import.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/macros.hpp"
#include "plugin/session/file_text.hpp"

namespace bibsmith::plugin {

tl::expected<ExportAnswer, FileError> export_file(const std::string& path, bibtex::ExportFormat format) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return tl::unexpected(FileError{FileError::Code::not_found, path + ": no such file"});
  return export_text(std::move(**text), path, format);
}

tl::expected<ResolvedEntries, FileError> resolved_entries(std::string text, const std::string& name) {
  const bibtex::Document document = bibtex::Document::parse(std::move(text));
  if (const auto why = why_not_read(document)) {
    return file_error(FileError::Code::refused, name + ": " + *why);
  }
  const bibtex::Macros macros(document);
  const bibtex::Dialect dialect = bibtex::measure_dialect(document);
  ResolvedEntries out;
  for (const bibtex::Block& block : document.entries()) {
    const std::string_view key = document.text(block.key);
    const auto first = document.find(key);
    if (!key.empty() && first && first->index != block.index && document.text(first->key) == key) {
      out.repeated.emplace_back(key);
      continue;
    }
    out.entries.push_back(bibtex::resolve_entry(document, macros, block, dialect));
  }
  return out;
}

std::optional<tl::expected<ResolvedEntries, FileError>> entries_of_text(
    const std::string& text, const std::string& name, const std::optional<std::string>& from,
    std::string_view to) {
  const auto format = from ? bibtex::import_format(*from) : bibtex::import_format_of_file(name);
  if (!format) {
    if (from && *from != "bib" && *from != "bibtex" && *from != "biblatex") return std::nullopt;
    return resolved_entries(text, name);
  }
  // What BibTeX's styles sort and label by has to be ASCII; all others take Unicode.
  auto entries = bibtex::import_entries(
      text, *format, to == "bibtex" ? bibtex::TextEncoding::latex : bibtex::TextEncoding::utf8);
  if (!entries) return file_error(FileError::Code::refused, name + ": " + entries.error().message);
  return ResolvedEntries{*std::move(entries), {}};
}

tl::expected<ExportAnswer, FileError> export_text(std::string text, const std::string& name,
                                                  bibtex::ExportFormat format) {
  auto resolved = resolved_entries(std::move(text), name);
  if (!resolved) return tl::unexpected(resolved.error());
  return ExportAnswer{bibtex::export_entries(resolved->entries, format), resolved->entries.size(),
                      std::move(resolved->repeated)};
}

tl::expected<std::string, FetchError> entries_in_format(Session& session,
                                                        std::span<const bibtex::Entry> entries,
                                                        const std::string& format,
                                                        const std::stop_token& stop) {
  if (const auto own = bibtex::export_format(format)) return bibtex::export_entries(entries, *own);
  auto text = session.plugins().write(format, entries, stop);
  if (text) return *std::move(text);
  return tl::unexpected(FetchError{FetchError::Code::rejected, "no plugin writes the format " + format});
}

bool is_known_format(Session& session, const std::string& format) {
  return bibtex::export_format(format).has_value() || session.plugins().writes(format);
}

}  // namespace bibsmith::plugin
