#include "plugin/session/draft_plans.hpp"

#include <utility>

namespace bibsmith::plugin {

DraftPlans::DraftPlans(const bibtex::UpdatePlanner& planner,
                       const std::vector<bibtex::EntryQuestion>& questions)
    : planner_(planner), questions_(questions), drafts_(questions.size()), made_from_(questions.size()) {
  thread_ = std::thread([this] {
    planner_.make_ready();
    work(AtEnd::wait);
  });
}

DraftPlans::~DraftPlans() { finish(); }

void DraftPlans::arrived(RecordPointer record) {
  if (!record->arxiv_id) return;
  {
    const std::lock_guard guard(mutex_);
    waiting_.push_back({std::move(record), arrived_++});
  }
  more_.notify_one();
}

void DraftPlans::index_questions() {
  questions_of_.reserve(questions_.size());
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (questions_[i].skip.empty()) questions_of_[questions_[i].identity.arxiv_id->base()].push_back(i);
  }
}

void DraftPlans::work(AtEnd at_end) {
  std::call_once(indexed_, [this] { index_questions(); });
  std::unique_lock lock(mutex_);
  while (true) {
    if (waiting_.empty()) {
      if (is_all_ || at_end == AtEnd::leave) return;
      more_.wait(lock);
      continue;
    }
    const Arrival arrival = std::move(waiting_.front());
    waiting_.pop_front();
    const Record& record = *arrival.record;
    const auto asked_for = questions_of_.find(record.arxiv_id->base());
    if (asked_for == questions_of_.end()) continue;
    for (const std::size_t i : asked_for->second) {
      // A version that was named is another record than the current one.
      const ArxivId& asked = *questions_[i].identity.arxiv_id;
      if (asked.version() && asked != *record.arxiv_id) continue;
      lock.unlock();
      bibtex::EntryUpdate update = planner_.plan(questions_[i], {&record, false, {}});
      lock.lock();
      // Of two records of one paper the later one counts, whichever thread was quicker.
      if (drafts_.is_made[i] && made_from_[i].place > arrival.place) continue;
      drafts_.is_made[i] = true;
      drafts_.updates[i] = std::move(update);
      made_from_[i] = arrival;
    }
  }
}

void DraftPlans::finish() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(mutex_);
    is_all_ = true;
  }
  more_.notify_one();
  work(AtEnd::leave);  // two are quicker
  thread_.join();
}

bibtex::DraftedUpdates DraftPlans::take(const std::vector<bibtex::EntryAnswer>& answers) {
  finish();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Record* const last = answers[i].record;
    const Record* const drafted = made_from_[i].record.get();
    // Most often the very same.
    if (drafts_.is_made[i] && (last == nullptr || (last != drafted && *last != *drafted)))
      drafts_.is_made[i] = false;
  }
  return std::move(drafts_);
}

}  // namespace bibsmith::plugin
