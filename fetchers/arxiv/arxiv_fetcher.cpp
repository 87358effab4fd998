#include "fetchers/arxiv/arxiv_fetcher.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include "fetchers/arxiv/answer.hpp"

namespace bibsmith::fetchers {

namespace {

// Requests beyond the planned ones, to find what spoils a batch.
constexpr int extra_requests_max = 40;
// The source is given up after that many batches in a row that failed.
constexpr int failed_batches_max = 3;

enum class State { open, found, not_found, failed };

// What became of one id.
struct Outcome {
  State state = State::open;
  std::size_t times_asked = 0;  // in the caller's list
  // Kept apart: there is an Outcome for each of ten thousand ids before the first request leaves.
  RecordPointer record;
  std::unique_ptr<const FetchError> error;
  // Why the last answer, which left the id out, does not prove that there is no such paper.
  std::unique_ptr<const FetchError> doubt;
};

// After these, asking for the next batch is of no use.
bool concerns_all(const FetchError& error) {
  switch (error.code) {
    case FetchError::Code::offline:
    case FetchError::Code::unreachable:
    case FetchError::Code::rate_limited:
    case FetchError::Code::cancelled:
      return true;
    case FetchError::Code::timed_out:
    case FetchError::Code::bad_response:
    case FetchError::Code::rejected:
      return false;
  }
  return false;
}

using Ids = std::vector<ArxivId>;

// One call of fetch().
class Run {
 public:
  Run(Transport& transport, Clock& clock, const RawEntrySink& sink, const std::string& endpoint,
      std::stop_token stop, const FetchProgress& progress)
      : transport_(transport),
        clock_(clock),
        sink_(sink),
        endpoint_(endpoint),
        stop_(std::move(stop)),
        progress_(progress) {}

  FetchResult fetch(std::span<const ArxivId> ids) {
    total_ = ids.size();
    outcomes_.reserve(ids.size());
    Ids unique;
    for (const ArxivId& id : ids) {
      Outcome& outcome = outcomes_[id];
      if (outcome.times_asked++ == 0) unique.push_back(id);
    }
    ask(unique);
    if (done_ == total_) return result_of(ids);
    // What an answer left out does not exist, or arXiv has a bad minute: one more time.
    const auto is_settled = [this](const ArxivId& id) { return outcomes_[id].state != State::open; };
    std::erase_if(unique, is_settled);
    ask(unique);
    std::erase_if(unique, is_settled);
    for (const ArxivId& id : unique) {
      if (const auto doubt = std::move(outcomes_[id].doubt)) {
        fail({id}, *doubt);
      } else {
        settle(id, State::not_found);
      }
    }
    return result_of(ids);
  }

 private:
  void ask(const Ids& ids) {
    std::vector<Ids> pending;  // the next one is last
    for (const IdBatch& batch : batch_urls(endpoint_, ids)) {
      const auto first = ids.begin() + static_cast<std::ptrdiff_t>(batch.first);
      pending.emplace_back(first, first + static_cast<std::ptrdiff_t>(batch.count));
    }
    std::ranges::reverse(pending);
    while (!pending.empty()) {
      const Ids batch = std::move(pending.back());
      pending.pop_back();
      ask_batch(batch, pending);
      if (progress_) progress_(done_, total_);
    }
  }

  // Parts of the batch that have to be asked again are pushed on `pending`.
  void ask_batch(const Ids& batch, std::vector<Ids>& pending) {
    if (given_up_) return fail(batch, *given_up_);
    if (stop_.stop_requested()) {
      return fail(batch, FetchError{.code = FetchError::Code::cancelled, .message = "cancelled"});
    }
    const IdBatch request = batch_urls(endpoint_, batch).front();
    assert(request.count == batch.size());
    const auto response = transport_.send({.url = request.url, .accept = "application/atom+xml"}, stop_);
    if (!response) return give_up_on(batch, response.error());
    const Origin origin{.source = "arxiv-atom", .retrieved = clock_.calendar()};
    auto feed = read_answer(*response, origin, request.url);
    if (!feed) return give_up_on(batch, feed.error());
    failed_in_a_row_ = 0;
    if (feed->rejection) {
      const FetchError error{.code = FetchError::Code::rejected,
                             .message = "arXiv rejected the request: " + feed->rejection->message,
                             .http_status = response->status};
      return ask_parts(batch, *feed->rejection, error, pending);
    }
    take(batch, *feed, response->body);
  }

  void give_up_on(const Ids& batch, const FetchError& error) {
    fail(batch, error);
    if (concerns_all(error) || ++failed_in_a_row_ == failed_batches_max) given_up_ = error;
  }

  // One bad id spoils the batch that it travels in. If arXiv names it the others are asked again, else
  // each half.
  void ask_parts(const Ids& batch, const AtomRejection& rejection, const FetchError& error,
                 std::vector<Ids>& pending) {
    const auto bad =
        std::ranges::find_if(batch, [&](const ArxivId& id) { return id.str() == rejection.bad_id; });
    if (bad != batch.end()) fail({*bad}, error);
    if (batch.size() == 1) {
      if (bad == batch.end()) fail(batch, error);
      return;
    }
    Ids rest = batch;
    if (bad != batch.end()) rest.erase(rest.begin() + (bad - batch.begin()));
    const std::size_t parts = bad != batch.end() ? 1 : 2;
    if (extra_requests_left_ < static_cast<int>(parts)) return fail(rest, error);
    extra_requests_left_ -= static_cast<int>(parts);
    const auto middle = rest.begin() + static_cast<std::ptrdiff_t>(parts == 1 ? 0 : rest.size() / 2);
    pending.emplace_back(middle, rest.end());
    if (parts == 2) pending.emplace_back(rest.begin(), middle);
  }

  // Answers come in any order, and may hold both the current version and one that was named.
  void take(const Ids& batch, AtomFeed& feed, std::string_view body) {
    std::vector<RecordPointer> records;  // of the entries
    std::map<std::string_view, std::vector<const RecordPointer*>> by_paper;
    records.reserve(feed.entries.size());
    for (AtomEntry& entry : feed.entries) {
      entry.record.origins.front().url = request_for(*entry.record.arxiv_id);
      records.push_back(std::make_shared<const Record>(std::move(entry.record)));
      by_paper[records.back()->arxiv_id->base()].push_back(&records.back());
    }
    std::map<std::string_view, Ids> named;  // the versions that were asked for
    for (const ArxivId& id : batch) {
      if (id.version()) named[id.base()].push_back(id);
    }
    for (const ArxivId& id : batch) {
      const auto of_paper = by_paper.find(id.base());
      if (of_paper == by_paper.end()) continue;
      const RecordPointer* const record =
          id.version() ? version_of(of_paper->second, id) : current_of(of_paper->second, named[id.base()]);
      if (record == nullptr) continue;
      outcomes_[id].record = *record;
      settle(id, State::found);
    }
    doubt_what_is_missing(batch, by_paper);
    if (!sink_) return;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const AtomEntry& entry = feed.entries[i];
      if (entry.raw_begin == entry.raw_end) continue;
      sink_(records[i], entry.raw(body), records[i]->origins.front());
    }
  }

  // An answer with papers that nobody asked for is the answer to something else.
  void doubt_what_is_missing(const Ids& batch,
                             const std::map<std::string_view, std::vector<const RecordPointer*>>& by_paper) {
    std::set<std::string_view> asked;
    for (const ArxivId& id : batch) asked.insert(id.base());
    const bool is_ours =
        std::ranges::all_of(by_paper, [&](const auto& paper) { return asked.contains(paper.first); });
    for (const ArxivId& id : batch) {
      Outcome& outcome = outcomes_[id];
      outcome.doubt.reset();
      if (is_ours || outcome.state != State::open) continue;
      outcome.doubt = std::make_unique<const FetchError>(FetchError{
          .code = FetchError::Code::bad_response,
          .message = std::string(host_of(endpoint_)) + " answered with papers that were not asked for"});
    }
  }

  static const RecordPointer* version_of(const std::vector<const RecordPointer*>& records,
                                         const ArxivId& id) {
    const auto found = std::ranges::find_if(
        records, [&](const RecordPointer* record) { return *(*record)->arxiv_id == id; });
    return found == records.end() ? nullptr : *found;
  }

  // The highest version, unless each entry may be there for the version that was named: then the answer does
  // not tell which one is current, and the next request will.
  static const RecordPointer* current_of(const std::vector<const RecordPointer*>& records, const Ids& named) {
    const auto is_named = [&](const RecordPointer* record) {
      return std::ranges::find(named, *(*record)->arxiv_id) != named.end();
    };
    if (std::ranges::all_of(records, is_named)) return nullptr;
    return *std::ranges::max_element(records, [](const RecordPointer* a, const RecordPointer* b) {
      return (*a)->arxiv_id->version() < (*b)->arxiv_id->version();
    });
  }

  std::string request_for(const ArxivId& id) const { return endpoint_ + "?id_list=" + id.str(); }

  void fail(const Ids& ids, const FetchError& error) {
    for (const ArxivId& id : ids) {
      FetchError own = error;
      own.url = request_for(id);
      outcomes_[id].error = std::make_unique<const FetchError>(std::move(own));
      settle(id, State::failed);
    }
  }

  void settle(const ArxivId& id, State state) {
    Outcome& outcome = outcomes_[id];
    assert(outcome.state == State::open);
    outcome.state = state;
    done_ += outcome.times_asked;
  }

  FetchResult result_of(std::span<const ArxivId> ids) {
    FetchResult result;
    result.records.reserve(ids.size());
    for (const ArxivId& id : ids) {
      Outcome& outcome = outcomes_[id];
      if (outcome.state == State::found) {
        result.records.push_back(outcome.record);
      } else if (outcome.state == State::not_found) {
        result.not_found.push_back(id);
      } else {
        result.failures.push_back({id, *outcome.error, {}});
      }
    }
    if (progress_ && total_ > 0) progress_(done_, total_);
    return result;
  }

  Transport& transport_;
  Clock& clock_;
  const RawEntrySink& sink_;
  const std::string& endpoint_;
  std::stop_token stop_;
  const FetchProgress& progress_;

  std::unordered_map<ArxivId, Outcome, ArxivIdHash> outcomes_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
  int extra_requests_left_ = extra_requests_max;
  int failed_in_a_row_ = 0;
  std::optional<FetchError> given_up_;
};

}  // namespace

ArxivFetcher::ArxivFetcher(Transport& transport, Clock& clock, RawEntrySink sink, std::string endpoint)
    : transport_(transport), clock_(clock), sink_(std::move(sink)), endpoint_(std::move(endpoint)) {}

FetchResult ArxivFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                                const FetchProgress& progress) {
  return Run(transport_, clock_, sink_, endpoint_, std::move(stop), progress).fetch(ids);
}

}  // namespace bibsmith::fetchers
