#include "fetchers/oai/oai_harvest.hpp"

#include <utility>

#include "fetchers/http/url_text.hpp"

namespace bibsmith::fetchers {

namespace {

// A server whose tokens never end is broken: arXiv with 2,500 records a page has some 1,200 pages.
constexpr std::uint32_t pages_max = 100'000;

}  // namespace

OaiHarvest::OaiHarvest(Transport& transport, Clock& clock, OaiSelection selection, std::string endpoint)
    : transport_(transport),
      clock_(clock),
      selection_(std::move(selection)),
      endpoint_(std::move(endpoint)) {}

OaiHarvest::OaiHarvest(Transport& transport, Clock& clock, OaiSelection selection, std::string endpoint,
                       std::string token)
    : OaiHarvest(transport, clock, std::move(selection), std::move(endpoint)) {
  token_ = std::move(token);
}

std::string OaiHarvest::url() const {
  std::string url = endpoint_ + "?verb=ListRecords";
  if (token_) return url + "&resumptionToken=" + url_encoded(*token_);
  url += selection_.format == OaiFormat::arxiv ? "&metadataPrefix=arXiv" : "&metadataPrefix=arXivRaw";
  if (selection_.from.known()) url += "&from=" + selection_.from.iso();
  if (selection_.until.known()) url += "&until=" + selection_.until.iso();
  if (!selection_.set.empty()) url += "&set=" + url_encoded(selection_.set, ":");
  return url;
}

tl::expected<std::optional<OaiPage>, FetchError> OaiHarvest::next(std::stop_token stop) {
  if (at_end_) return std::nullopt;
  const std::string request = url();
  const auto refuse = [&](FetchError::Code code, std::string message) {
    return tl::unexpected(FetchError{.code = code,
                                     .message = std::string(host_of(request)) + ' ' + std::move(message),
                                     .url = request,
                                     .http_status = 200});
  };
  auto response = transport_.send({.url = request, .accept = "text/xml"}, std::move(stop));
  if (!response) return tl::unexpected(response.error());
  const Origin origin{.source = std::string(oai_source), .url = request, .retrieved = clock_.calendar()};
  auto answer = read_oai_answer(*response, origin, request);
  if (!answer) return tl::unexpected(answer.error());

  if (answer->has_fault("noRecordsMatch") && answer->records.empty()) {
    at_end_ = true;
    token_.reset();
    return std::nullopt;
  }
  if (answer->has_fault("badResumptionToken")) {
    return refuse(FetchError::Code::rejected, "takes the resumption token no more, begin the harvest anew: " +
                                                  answer->faults.front().message);
  }
  if (!answer->faults.empty()) {
    return refuse(FetchError::Code::rejected, "refused the request: " + answer->faults.front().code + ' ' +
                                                  answer->faults.front().message);
  }
  if (answer->resumption_token && answer->resumption_token == token_) {
    return refuse(FetchError::Code::bad_response, "gave the same resumption token twice");
  }
  if (++pages_ > pages_max) {
    return refuse(FetchError::Code::bad_response,
                  "gave more than " + std::to_string(pages_max) + " pages of one list");
  }
  token_ = std::move(answer->resumption_token);
  at_end_ = !token_;
  return OaiPage{std::move(answer->records), std::move(response->body)};
}

}  // namespace bibsmith::fetchers
