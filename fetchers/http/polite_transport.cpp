#include "fetchers/http/polite_transport.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace bibsmith::fetchers {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

using Answer = tl::expected<HttpResponse, FetchError>;

constexpr std::string_view white_space = " \t\r\n";

bool is_empty_success(const HttpResponse& response) {
  return response.status == 200 && response.body.find_first_not_of(white_space) == std::string::npos;
}

bool is_worth_retrying(const Answer& answer, const RetryOptions& options) {
  if (!answer) {
    const FetchError& error = answer.error();
    return !error.lasting &&
           (error.code == FetchError::Code::unreachable || error.code == FetchError::Code::timed_out);
  }
  if (answer->status >= 500) return true;
  return options.is_incomplete ? options.is_incomplete(*answer) : is_empty_success(*answer);
}

FetchError rate_limited(const HttpRequest& request, const HttpResponse& response, seconds pause) {
  return FetchError{.code = FetchError::Code::rate_limited,
                    .message = std::string(host_of(request.url)) +
                               " answers no more requests for now (HTTP " + std::to_string(response.status) +
                               "); try again in " + std::to_string(pause.count()) + " s",
                    .url = request.url,
                    .http_status = response.status,
                    .retry_after = pause};
}

FetchError not_tried(const HttpRequest& request, seconds left) {
  return FetchError{.code = FetchError::Code::unreachable,
                    .message = "not tried, since no server could be reached a moment ago; again in " +
                               std::to_string(left.count()) + " s",
                    .url = request.url,
                    .lasting = true};
}

bool is_outage(const Answer& answer) {
  return !answer && (answer.error().code == FetchError::Code::unreachable ||
                     answer.error().code == FetchError::Code::timed_out);
}

FetchError cancelled(const HttpRequest& request) {
  return FetchError{.code = FetchError::Code::cancelled,
                    .message = "request to " + std::string(host_of(request.url)) + " was cancelled",
                    .url = request.url};
}

}  // namespace

bool is_refusal(const HttpResponse& response) {
  if (response.status == 429 || response.status == 503) return true;
  std::string_view body = response.body;
  body.remove_prefix(std::min(body.find_first_not_of(white_space), body.size()));
  return body.starts_with("Rate exceeded");
}

PoliteTransport::PoliteTransport(Transport& transport, RateLimiter& limiter, Clock& clock,
                                 RetryOptions options)
    : transport_(transport),
      limiter_(limiter),
      clock_(clock),
      options_(std::move(options)),
      random_(options_.jitter_seed ? *options_.jitter_seed : std::random_device{}()) {}

Answer PoliteTransport::send(const HttpRequest& request, std::stop_token stop) {
  if (options_.outage != nullptr) {
    if (const seconds left = options_.outage->left(); left > seconds{0}) {
      return tl::unexpected(not_tried(request, left));
    }
  }
  nanoseconds waited{};  // for our turn and for pauses
  for (int retry = 0;; ++retry) {
    const nanoseconds before = clock_.since_boot();
    auto permit = limiter_.acquire(stop, options_.patience - waited);
    if (!permit) {
      FetchError error = std::move(permit).error();
      error.url = request.url;
      return tl::unexpected(std::move(error));
    }
    waited += clock_.since_boot() - before;

    std::optional<seconds> pause;
    Answer answer = send_once(std::move(*permit), request, stop, pause);
    if (pause) {
      if (retry == options_.retries_max || waited + *pause > options_.patience) {
        return tl::unexpected(rate_limited(request, *answer, *pause));
      }
      continue;  // acquire() waits the pause out
    }
    if (retry == options_.retries_max || !is_worth_retrying(answer, options_)) return answer;
    if (!clock_.sleep_for(back_off(retry), stop)) return tl::unexpected(cancelled(request));
  }
}

// Gives the permit back with the answer: a back-off must not keep other processes waiting. `pause` is
// set when the server refused.
Answer PoliteTransport::send_once(RateLimiter::Permit permit, const HttpRequest& request,
                                  std::stop_token stop, std::optional<seconds>& pause) {
  const nanoseconds begin = clock_.since_boot();
  Answer answer = transport_.send(request, std::move(stop));
  if (options_.outage != nullptr && is_outage(answer)) options_.outage->begin();
  if (answer) {
    permit.sent(begin + answer->sent_after, begin + answer->received_by);
  } else {
    permit.sent(begin, clock_.since_boot());
  }
  if (answer && is_refusal(*answer)) {
    pause = permit.cool_down(answer->retry_after);
  } else if (answer && answer->status < 500) {
    permit.answered();
  }
  return answer;
}

nanoseconds PoliteTransport::back_off(int retry) {
  const nanoseconds base = options_.back_off_first * (1 << retry);
  std::uniform_real_distribution<double> part(0.0, options_.jitter);
  return base + std::chrono::duration_cast<nanoseconds>(base * part(random_));
}

}  // namespace bibsmith::fetchers
