#include "fetchers/arxiv/answer.hpp"

#include <string>
#include <utility>

#include "fetchers/http/polite_transport.hpp"

namespace bibsmith::fetchers {

namespace {

std::string with_status(const std::string& url, int status) {
  return std::string(host_of(url)) + " answered HTTP " + std::to_string(status);
}

}  // namespace

tl::expected<AtomFeed, FetchError> read_answer(const HttpResponse& response, const Origin& origin,
                                               const std::string& request_url) {
  FetchError error{
      .code = FetchError::Code::bad_response, .url = request_url, .http_status = response.status};
  if (is_refusal(response)) {
    error.code = FetchError::Code::rate_limited;
    error.message = std::string(host_of(request_url)) + " answers no more requests for now";
    error.retry_after = response.retry_after;
    return tl::unexpected(std::move(error));
  }
  if (response.status == 414) {
    AtomFeed feed;
    feed.rejection = AtomRejection{.message = "the request is too long"};
    return feed;
  }

  auto feed = parse_atom(response.body, origin);
  if (response.status != 200 && !(feed && feed->rejection)) {
    error.message = with_status(request_url, response.status);
    if (response.status >= 400 && response.status < 500) error.code = FetchError::Code::rejected;
    return tl::unexpected(std::move(error));
  }
  if (!feed) {
    error.code = feed.error().code;
    error.message = std::string(host_of(request_url)) + ": " + feed.error().message;
    return tl::unexpected(std::move(error));
  }
  // A breakdown is reported like a rejection, but the request was not at fault.
  if (response.status >= 500) {
    error.message = with_status(request_url, response.status) + ": " + feed->rejection->message;
    return tl::unexpected(std::move(error));
  }
  return feed;
}

}  // namespace bibsmith::fetchers
