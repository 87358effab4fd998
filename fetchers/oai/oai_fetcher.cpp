#include "fetchers/oai/oai_fetcher.hpp"

#include <map>
#include <optional>
#include <utility>

#include "fetchers/http/answer_text.hpp"

namespace bibsmith::fetchers {

namespace {

// The interface is given up after that many failures in a row.
constexpr int failures_in_a_row_max = 3;

// After these, asking for the next paper is of no use.
bool concerns_all(FetchError::Code code) {
  return code == FetchError::Code::offline || code == FetchError::Code::unreachable ||
         code == FetchError::Code::rate_limited || code == FetchError::Code::cancelled;
}

// What became of one id: a record, or why there is none, or neither: no such paper.
struct Outcome {
  std::optional<Record> record;
  std::optional<FetchError> error;
};

// One call of fetch().
class Run {
 public:
  Run(Transport& transport, Clock& clock, const RawAnswerSink& sink, const std::string& endpoint,
      std::stop_token stop)
      : transport_(transport), clock_(clock), sink_(sink), endpoint_(endpoint), stop_(std::move(stop)) {}

  Outcome ask(const ArxivId& id) {
    if (given_up_) return Outcome{.error = *given_up_};
    if (stop_.stop_requested()) {
      return Outcome{.error = FetchError{.code = FetchError::Code::cancelled, .message = "cancelled"}};
    }
    Outcome outcome = id.version() ? version_of(id) : newest_of(id, OaiFormat::arxiv);
    if (!outcome.error || outcome.error->code == FetchError::Code::rejected) {
      failed_in_a_row_ = 0;
    } else if (concerns_all(outcome.error->code) || ++failed_in_a_row_ == failures_in_a_row_max) {
      given_up_ = outcome.error;
    }
    return outcome;
  }

 private:
  // The interface has the newest version alone, and only arXivRaw tells which one that is.
  Outcome version_of(const ArxivId& id) {
    const Outcome raw = newest_of(id, OaiFormat::arxiv_raw);
    if (!raw.record) return raw;
    const std::uint16_t newest = raw.record->arxiv_id->version().value_or(0);
    if (newest == 0 || newest > id.version()) {
      return Outcome{.error = FetchError{.code = FetchError::Code::rejected,
                                         .message = std::string(host_of(endpoint_)) +
                                                    " has the newest version alone" +
                                                    (newest == 0 ? "" : ", v" + std::to_string(newest)),
                                         .url = oai_record_url(endpoint_, id, OaiFormat::arxiv_raw)}};
    }
    if (newest < id.version()) return {};  // no such version
    Outcome outcome = newest_of(id, OaiFormat::arxiv);
    if (outcome.record) {
      outcome.record->arxiv_id = id;
      outcome.record->versions = raw.record->versions;
      outcome.record->withdrawn = raw.record->withdrawn;
      outcome.record->mark(RecordField::versions, raw.record->origins.front());
    }
    return outcome;
  }

  Outcome newest_of(const ArxivId& id, OaiFormat format) {
    const std::string url = oai_record_url(endpoint_, id, format);
    const auto response = transport_.send({.url = url, .accept = "text/xml"}, stop_);
    if (!response) return Outcome{.error = response.error()};
    const Origin origin{.source = std::string(oai_source), .url = url, .retrieved = clock_.calendar()};
    const auto answer = read_oai_answer(*response, origin, url);
    if (!answer) return Outcome{.error = answer.error()};
    if (answer->has_fault("idDoesNotExist")) return {};
    if (!answer->faults.empty()) {
      const OaiFault& fault = answer->faults.front();
      return Outcome{.error = FetchError{.code = FetchError::Code::rejected,
                                         .message = std::string(host_of(url)) + " refused the request: " +
                                                    fault.code + " " + fault.message,
                                         .url = url,
                                         .http_status = response->status}};
    }
    for (const OaiRecord& record : answer->records) {
      const auto identifier = ArxivId::parse(record.identifier);
      if (record.is_deleted && identifier && same_paper(*identifier, id)) return {};
      if (!record.record || !same_paper(*record.record->arxiv_id, id)) continue;
      if (sink_ && format == OaiFormat::arxiv && record.raw_begin != record.raw_end) {
        sink_(std::make_shared<const Record>(*record.record), record.raw(response->body), origin);
      }
      return Outcome{.record = *record.record};
    }
    return Outcome{.error = FetchError{.code = FetchError::Code::bad_response,
                                       .message = std::string(host_of(url)) + " answered with another paper",
                                       .url = url,
                                       .http_status = response->status}};
  }

  Transport& transport_;
  Clock& clock_;
  const RawAnswerSink& sink_;
  const std::string& endpoint_;
  std::stop_token stop_;
  std::optional<FetchError> given_up_;
  int failed_in_a_row_ = 0;
};

}  // namespace

std::string oai_record_url(std::string_view endpoint, const ArxivId& id, OaiFormat format) {
  return std::string(endpoint) + "?verb=GetRecord&identifier=oai:arXiv.org:" + id.base() +
         "&metadataPrefix=" + (format == OaiFormat::arxiv ? "arXiv" : "arXivRaw");
}

tl::expected<OaiAnswer, FetchError> read_oai_answer(const HttpResponse& response, const Origin& origin,
                                                    const std::string& request_url) {
  if (auto error = why_no_answer(response, request_url)) return tl::unexpected(*std::move(error));
  auto answer = parse_oai(response.body, origin);
  if (!answer) return tl::unexpected(error_in_answer(answer.error(), response, request_url));
  return answer;
}

OaiFetcher::OaiFetcher(Transport& transport, Clock& clock, RawAnswerSink sink, std::string endpoint)
    : transport_(transport), clock_(clock), sink_(std::move(sink)), endpoint_(std::move(endpoint)) {}

FetchResult OaiFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                              const FetchProgress& progress) {
  FetchResult result;
  std::map<ArxivId, Outcome> outcomes;
  Run run(transport_, clock_, sink_, endpoint_, std::move(stop));
  std::size_t done = 0;
  for (const ArxivId& id : ids) {
    auto known = outcomes.find(id);
    if (known == outcomes.end()) known = outcomes.emplace(id, run.ask(id)).first;
    const Outcome& outcome = known->second;
    if (outcome.record) {
      result.records.push_back(*outcome.record);
    } else if (outcome.error) {
      result.failures.push_back({id, *outcome.error, {}});
    } else {
      result.not_found.push_back(id);
    }
    if (progress) progress(++done, ids.size());
  }
  return result;
}

}  // namespace bibsmith::fetchers
