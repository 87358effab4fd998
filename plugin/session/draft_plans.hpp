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

namespace bibsmith::plugin {

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

 private:
  struct Arrival {
    RecordPointer record;
    std::size_t place;  // among all that arrived
  };
  enum class AtEnd : bool { leave, wait };
  // Plans what arrived. Two threads may be here at once.
  void work(AtEnd at_end);
  void index_questions();
  void finish();

  const bibtex::UpdatePlanner& planner_;
  const std::vector<bibtex::EntryQuestion>& questions_;
  std::once_flag indexed_;
  std::unordered_map<std::string, std::vector<std::size_t>> questions_of_;  // by id without version

  std::mutex mutex_;  // guards what follows
  std::condition_variable more_;
  std::deque<Arrival> waiting_;
  std::size_t arrived_ = 0;
  bool is_all_ = false;
  bibtex::DraftedUpdates drafts_;
  std::vector<Arrival> made_from_;  // each draft

  std::thread thread_;
};

}  // namespace bibsmith::plugin
