#include "plugin/session/export_file.hpp"

#include <utility>

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

tl::expected<ExportAnswer, FileError> export_text(std::string text, const std::string& name,
                                                  bibtex::ExportFormat format) {
  const bibtex::Document document = bibtex::Document::parse(std::move(text));
  if (const auto why = why_not_read(document)) {
    return file_error(FileError::Code::refused, name + ": " + *why);
  }
  const bibtex::Macros macros(document);
  const bibtex::Dialect dialect = bibtex::measure_dialect(document);
  ExportAnswer answer;
  std::vector<bibtex::Entry> entries;
  for (const bibtex::Block& block : document.entries()) {
    const std::string_view key = document.text(block.key);
    const auto first = document.find(key);
    if (!key.empty() && first && first->index != block.index && document.text(first->key) == key) {
      answer.repeated.emplace_back(key);
      continue;
    }
    entries.push_back(bibtex::resolve_entry(document, macros, block, dialect));
  }
  answer.entries = entries.size();
  answer.text = bibtex::export_entries(entries, format);
  return answer;
}

}  // namespace bibsmith::plugin
