#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// What is wrong with a file as a place for entries; nullopt: nothing. A slip of the finger (paper.tex, a
// picture) must not cost the user his file.
std::optional<std::string> why_not_bibtex(const bibtex::Document& document);

// How new entries look in a file, and which keys they may not take. `document` outlives the result.
CiteOptions options_for_file(const Settings& settings, const bibtex::Document& document);

// Where an entry of a file is.
struct EntryPlace {
  std::string key;
  std::size_t line = 0;  // from 1
};

// The papers that the entries of a document say they are, by the arXiv id without version.
std::map<std::string, EntryPlace> papers_in(const bibtex::Document& document);

// An entry that goes into a file.
struct NewEntry {
  bibtex::Entry entry;
  std::string source;  // who said something that is in it: "arxiv-atom,crossref"
};

NewEntry new_entry(const CitedPaper& paper);

// Inserts the entries in the style of the document; in the history each has a line of its own, with `reason`.
std::vector<LabelledEdit> insertions(const bibtex::Document& document, std::span<const NewEntry> entries,
                                     std::string_view reason);

}  // namespace bibsmith::plugin
