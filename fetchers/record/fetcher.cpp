#include "fetchers/record/fetcher.hpp"

namespace bibsmith {

std::string_view name_of(FetchError::Code code) {
  switch (code) {
    case FetchError::Code::offline:
      return "offline";
    case FetchError::Code::unreachable:
      return "unreachable";
    case FetchError::Code::timed_out:
      return "timed_out";
    case FetchError::Code::rate_limited:
      return "rate_limited";
    case FetchError::Code::bad_response:
      return "bad_response";
    case FetchError::Code::rejected:
      return "rejected";
    case FetchError::Code::cancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace bibsmith
