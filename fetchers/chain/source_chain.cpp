#include "fetchers/chain/source_chain.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>

namespace bibsmith::fetchers {

namespace {

using std::chrono::seconds;

// What is known of one id so far.
struct Outcome {
  RecordPointer record;
  bool is_complete = false;  // the record has a title and authors, as every paper of arXiv does
  std::string not_found_by;  // the source that knows every paper
  std::vector<SourceError> errors;

  bool is_settled() const { return is_complete || !not_found_by.empty(); }
};

bool is_complete(const Record& record) { return !record.title.empty() && !record.authors.empty(); }

// One call of fetch().
class Run {
 public:
  Run(const std::vector<PaperSource>& sources, std::stop_token stop, const FetchProgress& progress)
      : sources_(sources), stop_(std::move(stop)), progress_(progress) {}

  FetchResult fetch(std::span<const ArxivId> ids, seconds patience) {
    total_ = ids.size();
    // The last road may wait for its server at once: there is no other to go on with.
    const seconds at_once = sources_.size() == 1 ? patience : seconds{0};
    std::size_t asked = 0;
    if (!sources_.empty() && ids.size() <= sources_.front().ids_max) {
      const PaperSource& main = sources_.front();
      FetchResult answer = ask_source(main, ids, at_once);
      if (is_whole(main, answer)) {
        answer.not_found_by.assign(answer.not_found.size(), main.name);
        return answer;
      }
      sort(ids);
      take(main, ids, answer);
      asked = 1;
    } else {
      sort(ids);
    }
    for (; asked < sources_.size(); ++asked) ask(sources_[asked], at_once);
    if (sources_.size() > 1) wait_for_one(patience);
    return result_of(ids);
  }

 private:
  void sort(std::span<const ArxivId> ids) {
    outcomes_.reserve(ids.size());
    for (const ArxivId& id : ids) {
      if (outcomes_.try_emplace(id).second) unique_.push_back(id);
    }
  }

  std::vector<ArxivId> open_ids() const {
    std::vector<ArxivId> open;
    for (const ArxivId& id : unique_) {
      const Outcome& outcome = outcomes_.at(id);
      if (!outcome.is_settled()) open.push_back(id);
    }
    return open;
  }

  void ask(const PaperSource& source, seconds patience) {
    std::vector<ArxivId> ids = open_ids();
    if (ids.empty()) return;
    if (ids.size() > source.ids_max) {
      const FetchError too_many{.code = FetchError::Code::rejected,
                                .message = "not asked, it takes one paper a request and at most " +
                                           std::to_string(source.ids_max) + " in a run"};
      for (std::size_t i = source.ids_max; i < ids.size(); ++i) add_error(ids[i], source.name, too_many);
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(source.ids_max), ids.end());
    }
    take(source, ids, ask_source(source, ids, patience));
  }

  FetchResult ask_source(const PaperSource& source, std::span<const ArxivId> ids, seconds patience) {
    if (source.set_patience) source.set_patience(patience);
    const std::size_t done_before = total_ - ids.size();
    return source.fetcher->fetch(ids, stop_, [&](std::size_t done, std::size_t) {
      // Ids that one source could not be asked for are open again for the next: no step back.
      shown_ = std::max(shown_, done_before + done);
      if (progress_) progress_(shown_, total_);
    });
  }

  // The usual case, worth no sorting: the first source settles every id.
  static bool is_whole(const PaperSource& source, const FetchResult& answer) {
    return answer.failures.empty() && (answer.not_found.empty() || source.knows_all) &&
           std::ranges::all_of(answer.records, is_complete);
  }

  // A source answers in the order asked, so record i belongs to the i-th id that is in no other list.
  void take(const PaperSource& source, std::span<const ArxivId> ids, const FetchResult& answer) {
    const std::set<ArxivId> not_found(answer.not_found.begin(), answer.not_found.end());
    std::map<ArxivId, const FetchError*> failed;
    for (const auto& failure : answer.failures) failed.emplace(failure.id, &failure.error);
    auto record = answer.records.pointers().begin();
    for (const ArxivId& id : ids) {
      Outcome& outcome = outcomes_.at(id);
      if (const auto failure = failed.find(id); failure != failed.end()) {
        add_error(id, source.name, *failure->second);
      } else if (not_found.contains(id)) {
        if (source.knows_all) {
          outcome.not_found_by = source.name;
        } else {
          add_error(id, source.name,
                    FetchError{.code = FetchError::Code::rejected,
                               .message = "has no such paper, but it does not have all of them"});
        }
      } else if (record != answer.records.pointers().end()) {
        const RecordPointer& here = *record++;
        const bool complete = is_complete(*here);
        if (complete || !outcome.record) outcome.record = here;
        outcome.is_complete = complete;
      }
    }
  }

  // When all roads are closed, the one that opens first is worth a wait, if it is a short one.
  void wait_for_one(seconds patience) {
    const PaperSource* ready_first = nullptr;
    seconds shortest = patience;
    const std::vector<ArxivId> open = open_ids();
    for (const PaperSource& source : sources_) {
      for (const ArxivId& id : open) {
        const Outcome& outcome = outcomes_.at(id);
        if (outcome.record) continue;
        for (const SourceError& error : outcome.errors) {
          if (error.source != source.name || error.error.code != FetchError::Code::rate_limited) continue;
          const seconds wait = error.error.retry_after.value_or(seconds{0});
          if (wait > shortest || (ready_first != nullptr && wait == shortest)) continue;
          shortest = wait;
          ready_first = &source;
        }
      }
    }
    if (ready_first != nullptr) ask(*ready_first, patience);
  }

  void add_error(const ArxivId& id, const std::string& source, const FetchError& error) {
    std::vector<SourceError>& errors = outcomes_.at(id).errors;
    const auto known = std::ranges::find(errors, source, &SourceError::source);
    if (known == errors.end()) {
      errors.push_back({source, error});
    } else {
      known->error = error;
    }
  }

  // One error for all: of the first source, the way of asking that counts, with the words of each.
  static FetchError error_of(const std::vector<SourceError>& errors) {
    if (errors.empty()) {
      return FetchError{.code = FetchError::Code::offline, .message = "there is no source to ask"};
    }
    FetchError all = errors.front().error;
    if (errors.size() == 1) return all;
    all.message.clear();
    for (const SourceError& error : errors) {
      all.message += (all.message.empty() ? "" : "; ") + error.source + ": " + error.error.message;
      const auto& again = error.error.retry_after;
      if (again && (!all.retry_after || *again < *all.retry_after)) all.retry_after = again;
    }
    return all;
  }

  FetchResult result_of(std::span<const ArxivId> ids) {
    FetchResult result;
    for (const ArxivId& id : ids) {
      Outcome& outcome = outcomes_.at(id);
      if (outcome.record) {
        result.records.push_back(outcome.record);
      } else if (!outcome.not_found_by.empty()) {
        result.not_found.push_back(id);
        result.not_found_by.push_back(outcome.not_found_by);
      } else {
        result.failures.push_back({id, error_of(outcome.errors), outcome.errors});
      }
    }
    return result;
  }

  const std::vector<PaperSource>& sources_;
  std::stop_token stop_;
  const FetchProgress& progress_;
  std::unordered_map<ArxivId, Outcome, ArxivIdHash> outcomes_;
  std::vector<ArxivId> unique_;
  std::size_t total_ = 0;  // ids of the caller's list, each as often as it is there
  std::size_t shown_ = 0;
};

}  // namespace

SourceChain::SourceChain(std::vector<PaperSource> sources, seconds patience)
    : sources_(std::move(sources)), patience_(patience) {}

FetchResult SourceChain::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                               const FetchProgress& progress) {
  return Run(sources_, std::move(stop), progress).fetch(ids, patience_);
}

}  // namespace bibsmith::fetchers
