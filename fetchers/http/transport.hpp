#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

struct HttpRequest {
  std::string url;
  std::string accept;                      // the Accept header; empty: anything
  std::size_t body_bytes_max = 16u << 20;  // of the decoded body; more is an error, not a cut
  std::string body;                        // sent by POST, if there is a content type
  std::string content_type;                // empty: GET
};

// An answer of a server, whatever its status.
struct HttpResponse {
  int status = 0;
  std::string content_type;
  std::string body;                                 // decoded (gzip undone)
  std::string final_url;                            // after redirects
  std::optional<std::chrono::seconds> retry_after;  // of the header, dates already turned into a span
  // Since the call of send(): when the request (behind redirects: the last) left, and by when the server had
  // it. Zero: as good as at once.
  std::chrono::microseconds sent_after{};
  std::chrono::microseconds received_by{};
};

// "export.arxiv.org" of "https://export.arxiv.org/api/query?…", for messages.
std::string_view host_of(std::string_view url);

// Sends one request. The seam that tests replace; no retry and no rate limit here.
class Transport {
 public:
  virtual ~Transport() = default;

  // An answer, or why none came. Blocks; `stop` cancels within a second. One thread at a time.
  virtual tl::expected<HttpResponse, FetchError> send(const HttpRequest& request, std::stop_token stop) = 0;
};

}  // namespace bibsmith::fetchers
