#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin/latex/source_scan.hpp"
#include "plugin/lsp/citations.hpp"
#include "plugin/lsp/line_text.hpp"

namespace bibsmith::plugin {

// A text that cites, with what it cites and the bibliographies that it names.
class SourceFile final : public LineText {
 public:
  SourceFile(std::string text, Language language);

  // Precondition: the span lies in the text.
  void replace(bibtex::Span span, std::string_view new_text);

  const std::string& text() const { return text_; }
  Language language() const { return language_; }
  const std::vector<bibtex::Span>& citations() const { return citations_; }
  const std::vector<std::string>& bibliographies() const { return bibliographies_; }
  // All that it names, bibliographies and sources, as written.
  const std::vector<NamedFile>& files() const { return files_; }

  bibtex::Position position(std::uint32_t offset, bibtex::ColumnUnit unit) const override {
    return lines_.position(text_, offset, unit);
  }
  std::uint32_t offset(bibtex::Position position, bibtex::ColumnUnit unit) const override {
    return lines_.offset(text_, position, unit);
  }

  // Whether the text itself gives something that name: \bibitem, a label of Typst.
  bool has_label(std::string_view name) const;

  // The citation key at the offset, its end included; empty: none is there.
  bibtex::Span citation_at(std::uint32_t offset) const;

 private:
  void read();

  std::string text_;
  Language language_;
  bibtex::LineIndex lines_;
  std::vector<bibtex::Span> citations_;
  std::vector<bibtex::Span> labels_;
  std::vector<std::string> bibliographies_;
  std::vector<NamedFile> files_;
};

}  // namespace bibsmith::plugin
