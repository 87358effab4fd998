#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::plugin {

// The text of a file that a plan is made for, taken for a plain string where no more is asked; that of a .bib
// file is parsed. Owns the text, once.
class FileText {
 public:
  static FileText plain(std::string text) {
    FileText file;
    file.text_ = std::move(text);
    return file;
  }
  static FileText bib(std::string text) {
    FileText file;
    file.document_ = bibtex::Document::parse(std::move(text), std::thread::hardware_concurrency());
    return file;
  }

  const std::string& text() const { return document_ ? document_->text() : text_; }
  operator const std::string&() const { return text(); }

  // Of a .bib file only.
  const bibtex::Document& document() const {
    assert(document_);
    return *document_;
  }

 private:
  FileText() = default;

  std::string text_;  // empty if there is a document
  std::optional<bibtex::Document> document_;
};

// Why a text cannot be read as a .bib file at all (it is UTF-16, or too large), as what a user is told;
// nullopt: it can.
std::optional<std::string> why_not_read(const bibtex::Document& document);

}  // namespace bibsmith::plugin
