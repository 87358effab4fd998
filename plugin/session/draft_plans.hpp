#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bibtex/update/planner.hpp"
#include "fetchers/record/shared_records.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// The changes of an entry, with the words of the history.
void append_labelled(const bibtex::EntryUpdate& entry, std::vector<LabelledEdit>& edits);

// Plans entries while the papers of others are still on their way: a thread takes each record as it arrives.
// What it makes are drafts: a draft counts only where the record that counts in the end equals the one that
// it was made from. Planner and questions must outlive it. [one thread at a time; its own thread aside]
class DraftPlans {
 public:
  DraftPlans(const bibtex::UpdatePlanner& planner, const std::vector<bibtex::EntryQuestion>& questions);
  DraftPlans(const DraftPlans&) = delete;
  DraftPlans& operator=(const DraftPlans&) = delete;
  ~DraftPlans();

  void arrived(RecordPointer record);

  // Ends the thread once all that arrived is planned. The drafts that hold, one place for each question.
  bibtex::DraftedUpdates take(const std::vector<bibtex::EntryAnswer>& answers);
  // All edits of the plan that was made with the drafts of take(). Once.
  std::vector<LabelledEdit> take_labelled(const bibtex::UpdatePlan& plan);

 private:
  struct Arrival {
    RecordPointer record;
    std::size_t place;  // among all that arrived
  };
  enum class AtEnd : bool { leave, wait };
  // Plans what arrived. Two threads may be here at once.
  void work(AtEnd at_end);
  void prepare();
  std::vector<LabelledEdit>::iterator labelled_of(std::size_t question);
  void finish();

  const bibtex::UpdatePlanner& planner_;
  const std::vector<bibtex::EntryQuestion>& questions_;
  std::once_flag prepared_;
  std::unordered_map<std::string, std::vector<std::size_t>> questions_of_;  // by id without version

  std::mutex mutex_;  // guards what follows
  std::condition_variable more_;
  std::deque<Arrival> waiting_;
  std::size_t arrived_ = 0;
  bool is_all_ = false;
  bibtex::DraftedUpdates drafts_{0};
  std::vector<Arrival> made_from_;  // each draft
  // Edits that are most of an entry's, made while other papers are awaited, and their memory touched for the
  // first time: so many places for each question.
  std::vector<LabelledEdit> labelled_;
  std::vector<bool> is_labelled_;

  std::thread thread_;  // since the first arrival: until then the first request is more urgent
};

}  // namespace bibsmith::plugin
