#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/date.hpp"
#include "bibtex/model/entry.hpp"
#include "bibtex/model/name.hpp"

namespace bibsmith::bibtex {

// One work on its way into an entry: takes plain Unicode and gives fields of LaTeX. What is empty makes no
// field; the first value of a field counts.
class ImportedWork {
 public:
  explicit ImportedWork(TextEncoding encoding) : encoding_(encoding) {}

  void set_type(std::string_view type) { entry_.type = type; }
  const std::string& type() const { return entry_.type; }
  void set_key(std::string_view key) { entry_.key = key; }
  bool has(std::string_view field) const { return entry_.find(field) != nullptr; }

  void add_text(std::string_view field, std::string_view plain);
  // A title or the like: HTML's <i>, <b>, <sub>, <sup> and CSL's "nocase" become LaTeX, capitals are kept.
  void add_title(std::string_view field, std::string_view plain);
  void add_verbatim(std::string_view field, std::string_view plain);
  // A DOI in any form; what is none goes into the field as it is.
  void add_doi(std::string_view text);
  // "arXiv:1706.03762v7", the address of its page, or the number alone: eprint, eprinttype. false: it is
  // none.
  bool add_arxiv(std::string_view text);
  void add_url(std::string_view url);
  // "230-265", "230–265" as BibTeX has ranges.
  void add_pages(std::string_view plain);
  // Parts in plain Unicode, as LaTeX is made of them here. A last name "others" or "et al." stands for more.
  void add_names(std::string_view field, const std::vector<Name>& names);
  void add_date(std::string_view field, const DateValue& date);

  // The entry, with a key that BibTeX and biber take.
  Entry finish();

 private:
  void add(std::string_view field, std::string latex);

  TextEncoding encoding_;
  Entry entry_;
  std::string first_author_;
  bool author_is_literal_ = false;
  std::string title_;
  int year_ = 0;
};

// "Family, Given, Jr" or "Given Family" in plain Unicode; text without either is a family name.
Name plain_name(std::string_view text);

}  // namespace bibsmith::bibtex
