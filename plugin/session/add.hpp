#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/session/cite.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// A paper that the file has already.
struct PresentPaper {
  std::string asked;
  ArxivId id;
  std::string key;
  std::size_t line = 0;  // of its entry, from 1
};

// An entry without the paper's id, but with its title and authors: the paper was added all the same.
struct PossibleDuplicate {
  ArxivId id;
  std::string key;
  std::size_t line = 0;  // of that entry, from 1, in the file as it was
};

// The same of a plugin's, by title and authors or DOI.
struct PresentPluginEntry {
  std::string id;
  std::string key;
  std::size_t line = 0;
};

struct AddAnswer {
  CiteAnswer cited;  // `papers`: those that were added
  std::vector<PossibleDuplicate> possible_duplicates;
  std::vector<PresentPaper> present;  // left alone
  std::vector<PresentPluginEntry> present_of_plugins;
  bool changed = false;  // the file
};

struct PlannedAdd {
  AddAnswer answer;  // `changed`: there are edits
  std::vector<LabelledEdit> edits;
};

// What add() would do to a document; `path` is what the errors call it.
tl::expected<PlannedAdd, FileError> plan_add(Session& session, std::span<const std::string> ids,
                                             const bibtex::Document& document, const std::string& path,
                                             std::stop_token stop = {}, const FetchProgress& progress = {});

// Inserts entries for `ids` into the .bib at `path` (made if it does not exist), in its style, dialect and
// encoding, and touches no other byte. What the file has already, under any key, is not added again. Where
// the file fails it is as it was.
tl::expected<AddAnswer, FileError> add(Session& session, std::span<const std::string> ids,
                                       const std::string& path, std::stop_token stop = {},
                                       const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
