#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/update/planner.hpp"
#include "bibtex/update/update_plan.hpp"
#include "fetchers/record/fetcher.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

class DraftPlans;

struct UpdateRequest {
  std::set<std::string> only;    // citation keys; empty: all
  std::set<std::string> fields;  // in lower case; only these may change; empty: all
  std::set<std::string> keep;    // in lower case; these never change
  bool publish = true;
  bool overwrite = false;  // also values that the user wrote
  bool search = false;     // look entries without an id up by title and authors, one request each
  bool dry_run = false;    // plan only
  bool diff = false;       // make the diff too
};

struct UpdatedFile {
  std::string path;
  bibtex::UpdatePlan plan;
  std::string diff;      // unified, of what would be done; empty unless it was asked for
  bool stale = false;    // the plan has changes
  bool changed = false;  // on the disk
};

// Refreshes and upgrades .bib files. One Updater asks each source for each paper at most once, whatever the
// number of files. [one thread at a time]
class Updater {
 public:
  Updater(Session& session, UpdateRequest request, std::stop_token stop, FetchProgress progress);
  ~Updater();

  // Asks for all papers that the files name, in the largest batches; without it update() asks for those of
  // one file. Files that cannot be read are left to update().
  void prefetch(std::span<const std::string> paths);

  // Plans and, unless this is a dry run, writes the changes of one file.
  tl::expected<UpdatedFile, FileError> update(const std::string& path);

  // What update() would do to the file if `text` were what it holds.
  tl::expected<bibtex::UpdatePlan, FileError> plan(const std::string& path, const std::string& text);

 private:
  struct Known {
    RecordPointer record;  // nullptr: none
    bool not_found = false;
    std::string could_not_ask;
  };
  struct Found {
    bool asked = false;
    std::optional<ArxivId> id;
    std::string why;  // not
  };

  tl::expected<bibtex::UpdatePlan, FileError> plan(const std::string& path, const bibtex::Document& document);
  // Learns of each paper what answers_ says then, asking for those that nobody asked for before.
  void ask(std::vector<ArxivId> ids);
  std::vector<Known> fetch(std::span<const ArxivId> ids);
  // ask() that plans the entries of a large file as their papers arrive. nullptr: a small one.
  std::unique_ptr<DraftPlans> ask_and_draft(std::vector<ArxivId> ids, const bibtex::UpdatePlanner& planner,
                                            const std::vector<bibtex::EntryQuestion>& questions);
  // Gives entries without an identifier the paper whose title and authors are theirs, if arXiv has it.
  void search(const bibtex::Document& document, std::vector<bibtex::EntryQuestion>& questions);
  // Crossref's word on papers whose own record says too little of where they were published.
  void complete_publications(const std::vector<RecordPointer*>& records);

  Session& session_;
  UpdateRequest request_;
  std::stop_token stop_;
  FetchProgress progress_;
  std::vector<ArxivId> asked_;                             // by the last ask()
  std::vector<Known> answers_;                             // to each of asked_
  std::unordered_map<ArxivId, Known, ArxivIdHash> known_;  // from those before it
  std::map<std::string, Found> found_;                     // by title and first author
  // Of the last plan(), which has no more use for them: thousands of records take milliseconds to free.
  std::unique_ptr<DraftPlans> drafts_;
};

}  // namespace bibsmith::plugin
