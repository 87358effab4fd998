#include "plugin/session/draft_plans.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

// Of one entry; what makes a published entry of a preprint is more, and labelled when all is there.
constexpr std::size_t labelled_max = 4;

// With the words of the history.
void label(const bibtex::EntryUpdate& entry, std::vector<LabelledEdit>::iterator edit) {
  for (const bibtex::FieldEdit& field : entry.edits) {
    edit->edit = field.edit;
    edit->key = entry.key;
    edit->field = field.field;
    std::ranges::transform(edit->field, edit->field.begin(), bibtex::lower);
    edit->reason = "update." + entry.reason;
    edit->source = entry.source;
    edit->writes_value = !field.field.empty() && !field.edit.new_text.empty();
    ++edit;
  }
}

}  // namespace

void append_labelled(const bibtex::EntryUpdate& entry, std::vector<LabelledEdit>& edits) {
  edits.resize(edits.size() + entry.edits.size());
  label(entry, edits.end() - static_cast<std::ptrdiff_t>(entry.edits.size()));
}

DraftPlans::DraftPlans(const bibtex::UpdatePlanner& planner,
                       const std::vector<bibtex::EntryQuestion>& questions)
    : planner_(planner), questions_(questions) {}

DraftPlans::~DraftPlans() { finish(); }

void DraftPlans::arrived(RecordPointer record) {
  if (!record->arxiv_id) return;
  if (!thread_.joinable()) {
    thread_ = std::thread([this] {
      planner_.make_ready();
      work(AtEnd::wait);
    });
  }
  {
    const std::lock_guard guard(mutex_);
    waiting_.push_back({std::move(record), arrived_++});
  }
  more_.notify_one();
}

void DraftPlans::prepare() {
  drafts_ = bibtex::DraftedUpdates(questions_.size());
  made_from_.resize(questions_.size());
  is_labelled_.resize(questions_.size());
  labelled_.resize(labelled_max * questions_.size());
  questions_of_.reserve(questions_.size());
  for (std::size_t i = 0; i < questions_.size(); ++i) {
    if (questions_[i].skip.empty()) questions_of_[questions_[i].identity.arxiv_id->base()].push_back(i);
  }
}

void DraftPlans::work(AtEnd at_end) {
  std::call_once(prepared_, [this] { prepare(); });
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
      is_labelled_[i] = drafts_.updates[i].edits.size() <= labelled_max;
      if (is_labelled_[i]) label(drafts_.updates[i], labelled_of(i));
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
  std::call_once(prepared_, [this] { prepare(); });  // nothing arrived
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Record* const last = answers[i].record;
    const Record* const drafted = made_from_[i].record.get();
    // Most often the very same.
    if (drafts_.is_made[i] && (last == nullptr || (last != drafted && *last != *drafted)))
      drafts_.is_made[i] = false;
    if (!drafts_.is_made[i]) is_labelled_[i] = false;
  }
  return std::move(drafts_);
}

std::vector<LabelledEdit>::iterator DraftPlans::labelled_of(std::size_t question) {
  return labelled_.begin() + static_cast<std::ptrdiff_t>(labelled_max * question);
}

std::vector<LabelledEdit> DraftPlans::take_labelled(const bibtex::UpdatePlan& plan) {
  auto end = labelled_.begin();  // of what is in its place; never behind that of the entry
  std::size_t i = 0;
  for (; i < plan.entries.size(); ++i) {
    const bibtex::EntryUpdate& entry = plan.entries[i];
    if (entry.edits.size() > labelled_max) break;
    const auto edits = labelled_of(i);
    if (!is_labelled_[i]) label(entry, edits);
    const auto edits_end = edits + static_cast<std::ptrdiff_t>(entry.edits.size());
    end = end == edits ? edits_end : std::move(edits, edits_end, end);
  }
  labelled_.erase(end, labelled_.end());
  for (; i < plan.entries.size(); ++i) append_labelled(plan.entries[i], labelled_);
  return std::move(labelled_);
}

}  // namespace bibsmith::plugin
