#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/update/update_plan.hpp"
#include "fetchers/record/fetcher.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

struct UpdateRequest {
  std::set<std::string> only;    // citation keys; empty: all
  std::set<std::string> fields;  // in lower case; only these may change; empty: all
  std::set<std::string> keep;    // in lower case; these never change
  bool publish = true;
  bool overwrite = false;  // also values that the user wrote
  bool dry_run = false;    // plan only
};

struct UpdatedFile {
  std::string path;
  bibtex::UpdatePlan plan;
  std::string diff;      // unified; of what was, or would be, done
  bool changed = false;  // on the disk
};

// Refreshes and upgrades .bib files. One Updater asks each source for each paper at most once, whatever the
// number of files. [one thread at a time]
class Updater {
 public:
  Updater(Session& session, UpdateRequest request, std::stop_token stop, FetchProgress progress);

  // Asks for all papers that the files name, in the largest batches; without it update() asks for those of
  // one file. Files that cannot be read are left to update().
  void prefetch(std::span<const std::string> paths);

  // Plans and, unless this is a dry run, writes the changes of one file.
  tl::expected<UpdatedFile, FileError> update(const std::string& path);

  // What update() would do to the file if `text` were what it holds.
  tl::expected<bibtex::UpdatePlan, FileError> plan(const std::string& path, const std::string& text);

 private:
  struct Known {
    std::unique_ptr<Record> record;
    bool not_found = false;
    std::string could_not_ask;
  };
  using Known_by_id = std::map<ArxivId, Known>;

  void ask(const std::vector<ArxivId>& ids);
  // Crossref's word on papers whose own record says too little of where they were published.
  void complete_publications(const std::vector<Record*>& records);

  Session& session_;
  UpdateRequest request_;
  std::stop_token stop_;
  FetchProgress progress_;
  Known_by_id known_;
};

}  // namespace bibsmith::plugin
