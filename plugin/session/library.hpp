#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

// An entry of a .bib file as people read it: plain Unicode, inherited fields filled in.
struct LibraryEntry {
  std::string key;
  std::string title;
  std::vector<std::string> authors;  // or editors, where there are none
  std::string date;                  // ISO 8601, as far as it is known
  std::string venue;                 // journal or book
  std::string arxiv_id;              // without version; empty: not known
  std::string category;              // arXiv's
  std::string doi;
  std::string text;  // as it stands in the file
};

// Entries without a key are left out. Errors: the file cannot be read, or is none of BibTeX.
tl::expected<std::vector<LibraryEntry>, FileError> library_entries(const std::string& path);

// The papers that a text lists, in its order: the arXiv ids of entries, where a line begins with '@'; else a
// line each, as far as a tab. Blank lines and those that begin with '#' are skipped. The texts may be no ids.
std::vector<std::string> listed_papers(std::string text);

}  // namespace bibsmith::plugin
