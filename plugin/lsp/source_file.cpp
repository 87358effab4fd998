#include "plugin/lsp/source_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace bibsmith::plugin {

namespace {

std::optional<SourceFormat> format_of(Language language) {
  switch (language) {
    case Language::latex:
      return SourceFormat::tex;
    case Language::markdown:
      return SourceFormat::markdown;
    case Language::typst:
      return SourceFormat::typst;
    case Language::org:
      return SourceFormat::org;
    case Language::bibtex:
    case Language::other:
      break;
  }
  return std::nullopt;
}

}  // namespace

SourceFile::SourceFile(std::string text, Language language)
    : text_(std::move(text)), language_(language), lines_(text_) {
  read();
}

void SourceFile::replace(bibtex::Span span, std::string_view new_text) {
  text_.replace(span.begin, span.size(), new_text);
  lines_ = bibtex::LineIndex(text_);
  read();
}

void SourceFile::read() {
  const auto format = format_of(language_);
  SourceScan scan = format ? scan_source(text_, *format) : SourceScan{};
  citations_ = std::move(scan.keys);
  labels_ = std::move(scan.defined);
  bibliographies_.clear();
  files_ = std::move(scan.files);
  for (const NamedFile& file : files_) {
    if (file.role != NamedFile::Role::bibliography) continue;
    const bool lacks_end = language_ == Language::latex && !file.name.ends_with(".bib");
    bibliographies_.push_back(file.name + (lacks_end ? ".bib" : ""));
  }
}

bool SourceFile::has_label(std::string_view name) const {
  return std::ranges::any_of(labels_, [&](const bibtex::Span& span) { return span.in(text_) == name; });
}

bibtex::Span SourceFile::citation_at(std::uint32_t offset) const {
  for (const bibtex::Span& span : citations_) {
    if (span.begin <= offset && offset <= span.end) return span;
  }
  return {};
}

}  // namespace bibsmith::plugin
