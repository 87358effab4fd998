#pragma once

#include <stop_token>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/rate_limiter.hpp"
#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

// Waits for the turn of a limiter before each request, and does no more: its cool-down is not honoured.
//
// It goes below the PoliteTransport of a server that shares the pace of another: arXiv's terms allow one
// request in three seconds to all of its interfaces together, but one that refuses says nothing of the
// others. That PoliteTransport has a limiter of its own, without an interval. The three outlive this object.
// [one thread at a time]
class PacedTransport final : public Transport {
 public:
  PacedTransport(Transport& transport, RateLimiter& pace, Clock& clock);

  tl::expected<HttpResponse, FetchError> send(const HttpRequest& request, std::stop_token stop) override;

 private:
  Transport& transport_;
  RateLimiter& pace_;
  Clock& clock_;
};

}  // namespace bibsmith::fetchers
