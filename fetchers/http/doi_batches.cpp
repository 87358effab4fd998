#include "fetchers/http/doi_batches.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "fetchers/http/answer_text.hpp"

namespace bibsmith::fetchers {

namespace {

// Requests beyond the planned ones, to find what spoils a batch.
constexpr int extra_requests_max = 20;
// The source is given up after that many batches in a row that failed.
constexpr int failed_batches_max = 3;
// DOIs of a list without an answer that are asked for alone, before the list is believed.
constexpr int probes_max = 3;

using Dois = std::vector<Doi>;

// After these, asking for the next batch is of no use.
bool concerns_all(FetchError::Code code) {
  return code == FetchError::Code::offline || code == FetchError::Code::unreachable ||
         code == FetchError::Code::rate_limited || code == FetchError::Code::cancelled;
}

// One call of fetch_dois().
class Run {
 public:
  Run(const DoiProtocol& protocol, Transport& transport, Clock& clock, const WorkSink& sink,
      std::stop_token stop, const FetchProgress& progress)
      : protocol_(protocol),
        transport_(transport),
        clock_(clock),
        sink_(sink),
        stop_(std::move(stop)),
        progress_(progress) {}

  DoiResult fetch(std::span<const Doi> dois) {
    Dois unique;
    for (const Doi& doi : dois) {
      if (outcomes_.try_emplace(doi).second) unique.push_back(doi);
    }
    pending_ = batches_of(unique);
    std::ranges::reverse(pending_);  // the next one is last
    while (!pending_.empty()) {
      const Dois batch = std::move(pending_.back());
      pending_.pop_back();
      ask(batch);
      if (progress_) progress_(done_, outcomes_.size());
    }
    DoiResult result;
    for (const Doi& doi : dois) {
      const Outcome& outcome = outcomes_.at(doi);
      if (outcome.record) {
        result.found.push_back({doi, *outcome.record});
      } else if (outcome.error) {
        result.failures.push_back({doi, {{protocol_.source, *outcome.error}}});
      } else {
        result.not_found.push_back({doi, {protocol_.source}});
      }
    }
    return result;
  }

 private:
  // Neither: not found.
  struct Outcome {
    std::optional<Record> record;
    std::optional<FetchError> error;
  };

  std::vector<Dois> batches_of(const Dois& dois) const {
    std::vector<Dois> batches;
    Dois batch;
    for (const Doi& doi : dois) {
      if (protocol_.batch_url(std::span(&doi, 1)).empty()) {
        batches.push_back({doi});
        continue;
      }
      batch.push_back(doi);
      if (batch.size() > 1 && (batch.size() > protocol_.batch_max ||
                               protocol_.batch_url(batch).size() > protocol_.url_bytes_max)) {
        batch.pop_back();
        batches.push_back(std::exchange(batch, {doi}));
      }
    }
    if (!batch.empty()) batches.push_back(std::move(batch));
    return batches;
  }

  void ask(const Dois& batch) {
    if (given_up_) return fail(batch, *given_up_);
    if (stop_.stop_requested()) {
      return fail(batch, FetchError{.code = FetchError::Code::cancelled, .message = "cancelled"});
    }
    std::string url = knows_lists_ ? protocol_.batch_url(batch) : std::string{};
    const bool is_single = url.empty();
    if (is_single && batch.size() > 1) return ask_each(batch);
    if (is_single) url = protocol_.single_url(batch.front());
    const auto response = transport_.send({.url = url, .accept = protocol_.accept}, stop_);
    if (!response) return give_up_on(batch, response.error());
    if (is_single && response->status == 404) {
      failed_in_a_row_ = 0;
      done_ += batch.size();
      return;
    }
    if (response->status == 404) {
      knows_lists_ = false;
      return ask_each(batch);
    }
    if (auto error = why_no_answer(*response, url)) {
      const bool is_ours = error->code == FetchError::Code::rejected;
      if (is_ours && batch.size() > 1 && extra_requests_left_ >= 2) return ask_halves(batch);
      return give_up_on(batch, *std::move(error));
    }
    const Origin origin{.source = protocol_.source, .url = url, .retrieved = clock_.calendar()};
    auto works = protocol_.read(response->body, origin);
    if (!works) return give_up_on(batch, error_in_answer(works.error(), *response, url));
    failed_in_a_row_ = 0;
    if (batch.size() > 1 && !has_one_of(batch, *works) && has_one_alone(batch)) return ask_each(batch);
    take(batch, *works, origin);
  }

  static bool has_one_of(const Dois& batch, const std::vector<AnsweredWork>& works) {
    return std::ranges::any_of(
        works, [&](const AnsweredWork& work) { return std::ranges::find(batch, work.doi) != batch.end(); });
  }

  // Whether the server has one of the DOIs after all, though its list had none: it knows no lists.
  bool has_one_alone(const Dois& batch) {
    for (const std::size_t i : {std::size_t{0}, batch.size() / 2, batch.size() - 1}) {
      if (!is_list_doubted_ || probes_++ == probes_max) return false;
      const std::string url = protocol_.single_url(batch[i]);
      const auto response = transport_.send({.url = url, .accept = protocol_.accept}, stop_);
      if (!response || response->status != 200) continue;
      const Origin origin{.source = protocol_.source, .url = url, .retrieved = clock_.calendar()};
      const auto works = protocol_.read(response->body, origin);
      if (works && has_one_of({batch[i]}, *works)) {
        knows_lists_ = false;
        return true;
      }
    }
    return false;
  }

  void ask_each(const Dois& batch) {
    if (singles_ + batch.size() > protocol_.singles_max) {
      return fail(
          batch, FetchError{.code = FetchError::Code::bad_response,
                            .message = protocol_.source + " takes no lists of DOIs, and these are too many"});
    }
    singles_ += batch.size();
    for (auto doi = batch.rbegin(); doi != batch.rend(); ++doi) pending_.push_back({*doi});
  }

  void ask_halves(const Dois& batch) {
    extra_requests_left_ -= 2;
    const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    pending_.emplace_back(middle, batch.end());
    pending_.emplace_back(batch.begin(), middle);
  }

  void take(const Dois& batch, std::vector<AnsweredWork>& works, const Origin& origin) {
    const std::set<Doi> asked(batch.begin(), batch.end());
    bool is_ours = true;
    for (AnsweredWork& work : works) {
      is_list_doubted_ = is_list_doubted_ && (batch.size() == 1 || !asked.contains(work.doi));
      if (!asked.contains(work.doi)) {
        is_ours = false;
        continue;
      }
      // A request for this work alone: that of the batch would be 7 KB in every record.
      Origin own = origin;
      own.url = protocol_.single_url(work.doi);
      work.record.origins.front() = own;
      if (sink_) sink_(work, own);
      outcomes_.at(work.doi).record = std::move(work.record);
    }
    const FetchError doubt{
        .code = FetchError::Code::bad_response,
        .message = std::string(host_of(origin.url)) + " answered with works that were not asked for",
        .url = origin.url,
        .http_status = 200};
    for (const Doi& doi : batch) {
      Outcome& outcome = outcomes_.at(doi);
      if (!outcome.record && !is_ours) outcome.error = doubt;
    }
    done_ += batch.size();
  }

  void give_up_on(const Dois& batch, const FetchError& error) {
    fail(batch, error);
    if (concerns_all(error.code) || ++failed_in_a_row_ == failed_batches_max) given_up_ = error;
  }

  void fail(const Dois& batch, const FetchError& error) {
    for (const Doi& doi : batch) outcomes_.at(doi).error = error;
    done_ += batch.size();
  }

  const DoiProtocol& protocol_;
  Transport& transport_;
  Clock& clock_;
  const WorkSink& sink_;
  std::stop_token stop_;
  const FetchProgress& progress_;

  std::map<Doi, Outcome> outcomes_;
  std::vector<Dois> pending_;
  std::size_t done_ = 0;
  int extra_requests_left_ = extra_requests_max;
  int failed_in_a_row_ = 0;
  bool knows_lists_ = true;
  bool is_list_doubted_ = true;  // until one of several works came by a list
  int probes_ = 0;
  std::size_t singles_ = 0;
  std::optional<FetchError> given_up_;
};

}  // namespace

DoiResult fetch_dois(std::span<const Doi> dois, const DoiProtocol& protocol, Transport& transport,
                     Clock& clock, const WorkSink& sink, std::stop_token stop,
                     const FetchProgress& progress) {
  return Run(protocol, transport, clock, sink, std::move(stop), progress).fetch(dois);
}

DoiLookup::DoiLookup(DoiProtocol protocol, Transport& transport, Clock& clock, WorkSink sink)
    : protocol_(std::move(protocol)), transport_(transport), clock_(clock), sink_(std::move(sink)) {}

DoiResult DoiLookup::fetch(std::span<const Doi> dois, std::stop_token stop, const FetchProgress& progress) {
  return fetch_dois(dois, protocol_, transport_, clock_, sink_, std::move(stop), progress);
}

}  // namespace bibsmith::fetchers
