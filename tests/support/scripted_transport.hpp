#pragma once

#include <deque>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/transport.hpp"

namespace bibsmith::testing {

// Answers from a script, one step a request; once it is used up, by `otherwise`. Keeps what was asked.
class ScriptedTransport final : public fetchers::Transport {
 public:
  using Answer = tl::expected<fetchers::HttpResponse, FetchError>;
  using Step = std::function<Answer(const fetchers::HttpRequest&)>;

  std::deque<Step> script;
  Step otherwise;
  std::vector<std::string> urls;

  // Chains: transport.answers(200, "<feed/>").fails(FetchError::Code::timed_out)
  ScriptedTransport& answers(int status, std::string body,
                             std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    script.push_back([=](const fetchers::HttpRequest& request) -> Answer {
      return fetchers::HttpResponse{
          .status = status, .body = body, .final_url = request.url, .retry_after = retry_after};
    });
    return *this;
  }
  ScriptedTransport& fails(FetchError::Code code, bool lasting = false) {
    script.push_back([=](const fetchers::HttpRequest& request) -> Answer {
      return tl::unexpected(
          FetchError{.code = code, .message = "scripted", .url = request.url, .lasting = lasting});
    });
    return *this;
  }

  Answer send(const fetchers::HttpRequest& request, std::stop_token stop) override {
    urls.push_back(request.url);
    if (stop.stop_requested()) return tl::unexpected(FetchError{.code = FetchError::Code::cancelled});
    if (script.empty()) {
      if (otherwise) return otherwise(request);
      return tl::unexpected(FetchError{.code = FetchError::Code::unreachable, .message = "script is over"});
    }
    const Step step = std::move(script.front());
    script.pop_front();
    return step(request);
  }
};

}  // namespace bibsmith::testing
