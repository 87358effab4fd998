#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/normalize/normalizer.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/update/update_plan.hpp"

namespace bibsmith::bibtex {

struct UpdateOptions {
  Dialect dialect = Dialect::bibtex;
  TextEncoding encoding = TextEncoding::latex;
  JournalForm journals = JournalForm::full;
  bool publish = true;           // a preprint may become the published entry
  bool overwrite = false;        // also what the user wrote
  std::set<std::string> only;    // keys; empty: all
  std::set<std::string> fields;  // lower case; only these may change; empty: all
  std::set<std::string> keep;    // lower case; these never change
  // Called by two threads at once. What Bibsmith last wrote there, as comparable_value() gives it; nullopt:
  // it never did. What differs from it is the user's.
  std::function<std::optional<std::string>(std::string_view key, std::string_view field)> last_written;
};

// What an entry needs before anything is asked: which paper it is, or why it is left alone.
struct EntryQuestion {
  std::uint32_t block = 0;
  EntryIdentity identity;
  std::string_view skip;  // code, text of the program; empty: ask
  std::string message;
};

// The questions that the entries of a file raise, in their order. Entries that another tool made unreadable,
// whose ids contradict each other, that have none, or that say `bibsmith = {keep}` or stand behind a line
// "% bibsmith: keep" are not asked about. `only` as in UpdateOptions.
std::vector<EntryQuestion> update_questions(const Document& document, const std::set<std::string>& only);

// What was learnt about one question.
struct EntryAnswer {
  const Record* record = nullptr;
  bool not_found = false;
  std::string could_not_ask;  // why; empty: it was asked
};

// Plans the entries of one document, each by its answer. Pure: the same input gives the same plan. The
// document must outlive it. [const: any thread]
class UpdatePlanner {
 public:
  UpdatePlanner(const Document& document, UpdateOptions options);
  // `measure` makes the options, once, when make_ready() or the first plan() needs them, in its thread: to
  // measure a large file takes longer than to ask for its first papers.
  UpdatePlanner(const Document& document, std::function<UpdateOptions()> measure);
  ~UpdatePlanner();

  // Reads what all entries need (options, macros, style). The first plan() does it if nobody did.
  void make_ready() const;

  EntryUpdate plan(const EntryQuestion& question, const EntryAnswer& answer) const;

 private:
  struct Parts;
  const Parts& parts() const;

  const Document& document_;
  std::function<UpdateOptions()> measure_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<const Parts> parts_;
};

// Plans the update of the entries that `questions` names, each by its answer. Pure: the same input gives the
// same plan, and the plan of the file that a plan made is empty. `answers` has the size of `questions`. [any
// thread]
UpdatePlan plan_update(const Document& document, const std::vector<EntryQuestion>& questions,
                       const std::vector<EntryAnswer>& answers, const UpdateOptions& options);

// Plans of some of the entries, a place for each question.
struct DraftedUpdates {
  explicit DraftedUpdates(std::size_t questions) : updates(questions), is_made(questions) {}

  std::vector<EntryUpdate> updates;
  std::vector<bool> is_made;  // where false, there is no plan yet
};

// The same where some entries were planned before, by this planner: those are taken over. `drafts` is of the
// size of `questions`.
UpdatePlan plan_update(const UpdatePlanner& planner, const std::vector<EntryQuestion>& questions,
                       const std::vector<EntryAnswer>& answers, DraftedUpdates drafts);

}  // namespace bibsmith::bibtex
