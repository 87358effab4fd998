#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/normalize/finding.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

enum class UpdateStatus : std::uint8_t {
  unchanged,
  updated,    // fields were added or refreshed
  published,  // a preprint became the published entry
  withdrawn,  // the paper is; the entry stays
  not_found,
  could_not_ask,
  skipped,  // nothing was asked, or the answer was not believed; the reason says why
};

// "unchanged", "could_not_ask"; stable.
std::string_view name_of(UpdateStatus status);

// One field as it was and as it will be, both as written with their delimiters; empty: not there.
struct FieldUpdate {
  std::string name;
  std::string old_text;
  std::string new_text;
  std::string_view reason;  // "add", "refresh", "publish"; static storage
};

// What becomes of one entry.
struct EntryUpdate {
  std::uint32_t block = 0;  // index in the Document
  std::string key;
  std::optional<ArxivId> arxiv_id;
  UpdateStatus status = UpdateStatus::unchanged;
  std::string reason;  // stable code: "publish", "skip.opt-out", "keep.year"; empty where the status says all
  std::string message;  // for people; may be empty
  std::string source;   // who said so: "arxiv-atom"
  std::vector<FieldUpdate> fields;
  NormalizeFindings findings;
  std::vector<FieldEdit> edits;  // sorted; every other byte of the entry stays
};

// How many entries have each status.
class UpdateCounts {
 public:
  std::size_t operator[](UpdateStatus status) const { return counts_[static_cast<std::size_t>(status)]; }
  void add(UpdateStatus status) { ++counts_[static_cast<std::size_t>(status)]; }

 private:
  std::array<std::size_t, 7> counts_{};
};

// Applying the edits of all entries realises exactly their changes and touches no other byte.
struct UpdatePlan {
  std::vector<EntryUpdate> entries;  // one for each entry of the Document that was looked at, in its order

  std::vector<TextEdit> edits() const;  // sorted
  UpdateCounts counts() const;
};

}  // namespace bibsmith::bibtex
