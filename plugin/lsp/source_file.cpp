#include "plugin/lsp/source_file.hpp"

#include <utility>

namespace bibsmith::plugin {

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
  citations_ = citations_in(text_, language_);
  bibliographies_ = bibliographies_in(text_, language_);
}

bibtex::Span SourceFile::citation_at(std::uint32_t offset) const {
  for (const bibtex::Span& span : citations_) {
    if (span.begin <= offset && offset <= span.end) return span;
  }
  return {};
}

}  // namespace bibsmith::plugin
