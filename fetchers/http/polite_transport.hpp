#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/outage.hpp"
#include "fetchers/http/rate_limiter.hpp"
#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

struct RetryOptions {
  int retries_max = 3;
  std::chrono::milliseconds back_off_first{3000};  // doubled with each retry
  // Up to this part of a back-off is added at random, so that clients that failed together part.
  double jitter = 0.25;
  std::optional<std::uint32_t> jitter_seed;  // none: from the system
  // How long one send() may wait for servers that asked for a pause.
  std::chrono::seconds patience{60};
  // An answer that the server ought to repeat. Unset: a 200 with an empty body is one.
  std::function<bool(const HttpResponse&)> is_incomplete;
  // While it lasts nobody is asked; it begins when a server cannot be reached or is silent. nullptr: each
  // request is tried. It outlives the transport.
  Outage* outage = nullptr;
};

// Sends at the pace that the limiter allows, and again when that may help.
//
// Retried: no connection, time-outs, 5xx and incomplete answers; never what is `lasting`. A refusal (429,
// 503, or arXiv's "Rate exceeded." under any status) starts the cool-down of the limiter, for every process;
// it is waited out while `patience` lasts, else the error is rate_limited and says when to come back.
// After the last retry the answer is handed over as it is. The three outlive this object.
// [one thread at a time]
class PoliteTransport final : public Transport {
 public:
  PoliteTransport(Transport& transport, RateLimiter& limiter, Clock& clock, RetryOptions options = {});

  tl::expected<HttpResponse, FetchError> send(const HttpRequest& request, std::stop_token stop) override;

  // From the next send() on. Zero: who has another road to go does not wait.
  void set_patience(std::chrono::seconds patience) { options_.patience = patience; }
  void set_retries(int retries_max) { options_.retries_max = retries_max; }

 private:
  tl::expected<HttpResponse, FetchError> send_once(RateLimiter::Permit permit, const HttpRequest& request,
                                                   std::stop_token stop,
                                                   std::optional<std::chrono::seconds>& pause);
  std::chrono::nanoseconds back_off(int retry);

  Transport& transport_;
  RateLimiter& limiter_;
  Clock& clock_;
  RetryOptions options_;
  std::minstd_rand random_;
};

// arXiv under load answers "Rate exceeded." as plain text, mostly with 429, and nothing more.
bool is_refusal(const HttpResponse& response);

}  // namespace bibsmith::fetchers
