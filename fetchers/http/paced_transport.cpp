#include "fetchers/http/paced_transport.hpp"

#include <utility>

namespace bibsmith::fetchers {

PacedTransport::PacedTransport(Transport& transport, RateLimiter& pace, Clock& clock)
    : transport_(transport), pace_(pace), clock_(clock) {}

tl::expected<HttpResponse, FetchError> PacedTransport::send(const HttpRequest& request,
                                                            std::stop_token stop) {
  auto permit = pace_.acquire_turn(stop);
  if (!permit) {
    FetchError error = std::move(permit).error();
    error.url = request.url;
    return tl::unexpected(std::move(error));
  }
  const std::chrono::nanoseconds begin = clock_.since_boot();
  auto answer = transport_.send(request, stop);
  if (answer && answer->received_by.count() > 0) {
    permit->sent(begin + answer->sent_after, begin + answer->received_by);
  } else {
    permit->sent(begin, clock_.since_boot());
  }
  return answer;
}

}  // namespace bibsmith::fetchers
