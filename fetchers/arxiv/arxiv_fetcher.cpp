#include "fetchers/arxiv/arxiv_fetcher.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_set>
#include <utility>

#include "fetchers/arxiv/answer.hpp"

namespace bibsmith::fetchers {

namespace {

// Requests beyond the planned ones, to find what spoils a batch.
constexpr int extra_requests_max = 40;
// The source is given up after that many batches in a row that failed.
constexpr int failed_batches_max = 3;

// An id, by its place in the list of the caller.
using Place = std::uint32_t;
using Places = std::vector<Place>;

enum class State : std::uint8_t { open, found, not_found, failed };

// What became of one id.
struct Outcome {
  Place first = 0;  // where the id stands first in the list; what follows is told there
  State state = State::open;
  std::uint32_t times_asked = 1;  // in the list, as far as it was read
  RecordPointer record;
  std::unique_ptr<const FetchError> error;
  // Why the last answer, which left the id out, does not prove that there is no such paper.
  std::unique_ptr<const FetchError> doubt;
};

// For sets of places: of two with the same id one is in the set.
struct IdAtPlace {
  std::span<const ArxivId> ids;

  std::size_t operator()(Place place) const { return ArxivIdHash{}(ids[place]); }
  bool operator()(Place a, Place b) const { return ids[a] == ids[b]; }
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

// One call of fetch(). The list is read as requests are made of it: the first one leaves before thousands of
// ids were looked at.
class Run {
 public:
  Run(Transport& transport, Clock& clock, const RawEntrySink& sink, const std::string& endpoint,
      std::span<const ArxivId> ids, std::stop_token stop, const FetchProgress& progress)
      : transport_(transport),
        clock_(clock),
        sink_(sink),
        endpoint_(endpoint),
        ids_(ids),
        stop_(std::move(stop)),
        progress_(progress) {}

  FetchResult fetch() {
    outcomes_.reserve(ids_.size());
    for (Places batch = next_batch(); !batch.empty(); batch = next_batch()) ask(std::move(batch));
    // What an answer left out does not exist, or arXiv has a bad minute: one more time.
    const Places left = open_places();
    for (std::span<const Place> rest = left; !rest.empty();) {
      IdListUrl url(endpoint_);
      while (url.count() < rest.size() && url.add(ids_[rest[url.count()]])) {
      }
      ask(Places(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(url.count())));
      rest = rest.subspan(url.count());
    }
    for (const Place place : open_places()) {
      if (const auto doubt = std::move(outcomes_[place].doubt)) {
        fail({place}, *doubt);
      } else {
        settle(place, State::not_found);
      }
    }
    return result();
  }

 private:
  // The next ids that the list did not have before, as many as a URL holds. Empty: it was read to its end.
  Places next_batch() {
    Places batch;
    IdListUrl url(endpoint_);
    while (outcomes_.size() < ids_.size()) {
      const auto place = static_cast<Place>(outcomes_.size());
      const auto known = firsts_.find(place);
      const bool is_first = known == firsts_.end();
      if (is_first && !url.add(ids_[place])) break;
      outcomes_.push_back({.first = is_first ? place : *known});
      if (is_first) {
        firsts_.insert(place);
        batch.push_back(place);
      } else if (Outcome& first = outcomes_[*known]; first.state == State::open) {
        ++first.times_asked;
      } else {
        ++done_;
      }
    }
    return batch;
  }

  Places open_places() const {
    Places open;
    for (Place place = 0; place < outcomes_.size(); ++place) {
      const Outcome& outcome = outcomes_[place];
      if (outcome.first == place && outcome.state == State::open) open.push_back(place);
    }
    return open;
  }

  void ask(Places batch) {
    std::vector<Places> pending;  // the next one is last
    pending.push_back(std::move(batch));
    while (!pending.empty()) {
      const Places next = std::move(pending.back());
      pending.pop_back();
      ask_batch(next, pending);
      if (progress_) progress_(done_, ids_.size());
    }
  }

  // Parts of the batch that have to be asked again are pushed on `pending`.
  void ask_batch(const Places& batch, std::vector<Places>& pending) {
    if (given_up_) return fail(batch, *given_up_);
    if (stop_.stop_requested()) {
      return fail(batch, FetchError{.code = FetchError::Code::cancelled, .message = "cancelled"});
    }
    IdListUrl url(endpoint_);
    for (const Place place : batch) url.add(ids_[place]);
    assert(url.count() == batch.size());
    const HttpRequest request{.url = url.str(), .accept = "application/atom+xml"};
    const auto response = transport_.send(request, stop_);
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

  void give_up_on(const Places& batch, const FetchError& error) {
    fail(batch, error);
    if (concerns_all(error) || ++failed_in_a_row_ == failed_batches_max) given_up_ = error;
  }

  // One bad id spoils the batch that it travels in. If arXiv names it the others are asked again, else
  // each half.
  void ask_parts(const Places& batch, const AtomRejection& rejection, const FetchError& error,
                 std::vector<Places>& pending) {
    const auto bad =
        std::ranges::find_if(batch, [&](Place place) { return ids_[place].str() == rejection.bad_id; });
    if (bad != batch.end()) fail({*bad}, error);
    if (batch.size() == 1) {
      if (bad == batch.end()) fail(batch, error);
      return;
    }
    Places rest = batch;
    if (bad != batch.end()) rest.erase(rest.begin() + (bad - batch.begin()));
    const std::size_t parts = bad != batch.end() ? 1 : 2;
    if (extra_requests_left_ < static_cast<int>(parts)) return fail(rest, error);
    extra_requests_left_ -= static_cast<int>(parts);
    const auto middle = rest.begin() + static_cast<std::ptrdiff_t>(parts == 1 ? 0 : rest.size() / 2);
    pending.emplace_back(middle, rest.end());
    if (parts == 2) pending.emplace_back(rest.begin(), middle);
  }

  // Answers come in any order, and may hold both the current version and one that was named.
  void take(const Places& batch, AtomFeed& feed, std::string_view body) {
    std::vector<RecordPointer> records;  // of the entries
    std::map<std::string_view, std::vector<const RecordPointer*>> by_paper;
    records.reserve(feed.entries.size());
    for (AtomEntry& entry : feed.entries) {
      entry.record.origins.front().url = request_for(*entry.record.arxiv_id);
      records.push_back(std::make_shared<const Record>(std::move(entry.record)));
      by_paper[records.back()->arxiv_id->base()].push_back(&records.back());
    }
    std::map<std::string_view, Ids> named;  // the versions that were asked for
    for (const Place place : batch) {
      const ArxivId& id = ids_[place];
      if (id.version()) named[id.base()].push_back(id);
    }
    for (const Place place : batch) {
      const ArxivId& id = ids_[place];
      const auto of_paper = by_paper.find(id.base());
      if (of_paper == by_paper.end()) continue;
      const RecordPointer* const record =
          id.version() ? version_of(of_paper->second, id) : current_of(of_paper->second, named[id.base()]);
      if (record == nullptr) continue;
      outcomes_[place].record = *record;
      settle(place, State::found);
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
  void doubt_what_is_missing(const Places& batch,
                             const std::map<std::string_view, std::vector<const RecordPointer*>>& by_paper) {
    std::set<std::string_view> asked;
    for (const Place place : batch) asked.insert(ids_[place].base());
    const bool is_ours =
        std::ranges::all_of(by_paper, [&](const auto& paper) { return asked.contains(paper.first); });
    for (const Place place : batch) {
      Outcome& outcome = outcomes_[place];
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

  void fail(const Places& places, const FetchError& error) {
    for (const Place place : places) {
      FetchError own = error;
      own.url = request_for(ids_[place]);
      outcomes_[place].error = std::make_unique<const FetchError>(std::move(own));
      settle(place, State::failed);
    }
  }

  void settle(Place place, State state) {
    Outcome& outcome = outcomes_[place];
    assert(outcome.first == place && outcome.state == State::open);
    outcome.state = state;
    done_ += outcome.times_asked;
  }

  FetchResult result() const {
    FetchResult result;
    result.records.reserve(ids_.size());
    for (Place place = 0; place < ids_.size(); ++place) {
      const Outcome& outcome = outcomes_[outcomes_[place].first];
      if (outcome.state == State::found) {
        result.records.push_back(outcome.record);
      } else if (outcome.state == State::not_found) {
        result.not_found.push_back(ids_[place]);
      } else {
        result.failures.push_back({ids_[place], *outcome.error, {}});
      }
    }
    if (progress_ && !ids_.empty()) progress_(done_, ids_.size());
    return result;
  }

  Transport& transport_;
  Clock& clock_;
  const RawEntrySink& sink_;
  const std::string& endpoint_;
  std::span<const ArxivId> ids_;
  std::stop_token stop_;
  const FetchProgress& progress_;

  std::vector<Outcome> outcomes_;  // of each place read so far
  std::unordered_set<Place, IdAtPlace, IdAtPlace> firsts_{0, IdAtPlace{ids_}, IdAtPlace{ids_}};
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
  return Run(transport_, clock_, sink_, endpoint_, ids, std::move(stop), progress).fetch();
}

}  // namespace bibsmith::fetchers
