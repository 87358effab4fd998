#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/update/merge_duplicates.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/keys.hpp"

namespace bibsmith::plugin {

struct DedupeRequest {
  std::string bib;
  std::vector<std::string> tex;  // where removed keys are replaced; none: biblatex's `ids` keeps them
  FindCitations find_citations;
  bool merge = false;
  bool only_plans = false;     // nothing is written
  std::set<std::string> only;  // citation keys: groups that hold one of them; empty: all
};

struct DuplicateEntry {
  std::string key;
  std::size_t line = 0;  // from 1
  bool is_best = false;
};

struct DedupedGroup {
  bibtex::DuplicateReason reason = bibtex::DuplicateReason::same_work;
  std::vector<DuplicateEntry> entries;  // in the order of the file
  std::vector<bibtex::FieldDifference> differences;
  std::vector<std::string> added;                // fields that the best gets; with `merge` only
  std::vector<bibtex::MergeConflict> conflicts;  // why it is left; with `merge` only
  bool is_merged = false;                        // or would be
};

struct DedupeAnswer {
  std::vector<DedupedGroup> groups;
  std::map<std::string, std::size_t> citations;  // by TeX file: how many citations get another key
  std::string diff;                              // unified, of all files
  bool changed = false;                          // on the disk
};

struct PlannedDedupe {
  DedupeAnswer answer;                                       // `diff`, `citations` and `changed` are not set
  std::map<std::string, std::string, std::less<>> new_keys;  // by the key that goes
  std::vector<LabelledEdit> edits;                           // of the .bib file
};

// What dedupe() would do to a document. Nothing is read, not even the TeX files: they count as there.
PlannedDedupe plan_dedupe(const bibtex::Document& document, const DedupeRequest& request);

// What becomes of the citations of a text: \cite{a,b} of two entries that are one now becomes \cite{a}.
// `cited`: the keys, in order.
std::vector<LabelledEdit> edits_of_citations(std::string_view text, const std::vector<bibtex::Span>& cited,
                                             const std::map<std::string, std::string, std::less<>>& new_keys);

// Finds entries of a .bib file that are the same paper and, if that is asked for, merges them. Where the file
// is for BibTeX, which knows one key for each entry, a group whose other keys may be cited is left unless the
// TeX files are given. All files change or none does.
tl::expected<DedupeAnswer, FileError> dedupe(const DedupeRequest& request, const ChangeContext& context);

}  // namespace bibsmith::plugin
