#include "fetchers/http/answer_text.hpp"

#include <string>
#include <utility>

#include "fetchers/http/polite_transport.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

}  // namespace

std::optional<FetchError> why_not_xml(std::string_view body, std::size_t bytes_max, std::string_view noun) {
  if (body.size() > bytes_max) {
    return bad_response("the answer is longer than " + std::to_string(bytes_max) + " bytes");
  }
  std::string_view text = body;
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  if (text.empty()) return bad_response("the answer is empty");
  if (text.starts_with("Rate exceeded")) {
    return FetchError{.code = FetchError::Code::rate_limited,
                      .message = "arXiv says 'Rate exceeded.'; try again later"};
  }
  if (starts_with_ignoring_case(text, "<!doctype html") || starts_with_ignoring_case(text, "<html")) {
    return bad_response("the answer is a web page, not an " + std::string(noun));
  }
  if (text.front() != '<') {
    return bad_response("the answer is no " + std::string(noun) + ", it begins '" +
                        plain_text(text.substr(0, 60)) + "'");
  }
  return std::nullopt;
}

std::optional<FetchError> why_no_answer(const HttpResponse& response, const std::string& request_url) {
  if (response.status == 200 && !is_refusal(response)) return std::nullopt;
  const std::string host(host_of(request_url));
  FetchError error{
      .code = FetchError::Code::bad_response, .url = request_url, .http_status = response.status};
  if (is_refusal(response)) {
    error.code = FetchError::Code::rate_limited;
    error.message = host + " answers no more requests for now";
    error.retry_after = response.retry_after;
    return error;
  }
  error.message = host + " answered HTTP " + std::to_string(response.status);
  if (response.status >= 400 && response.status < 500) error.code = FetchError::Code::rejected;
  return error;
}

FetchError error_in_answer(FetchError error, const HttpResponse& response, const std::string& request_url) {
  error.message = std::string(host_of(request_url)) + ": " + error.message;
  error.url = request_url;
  error.http_status = response.status;
  return error;
}

}  // namespace bibsmith::fetchers
