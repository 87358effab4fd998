#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "fetchers/cache/counted_store.hpp"
#include "plugin/http/metrics.hpp"

namespace bibsmith::plugin {

// One request of HTTP that was answered. Words of the program, but for `client`.
struct AnsweredRequest {
  std::string_view method;  // "other" if it is none of the usual ones
  std::string_view path;    // "other" if there is nothing
  int status = 0;
  std::size_t bytes = 0;  // of the answer's body
  std::chrono::microseconds took{};
  std::string_view client;  // the name of its token; empty: none
};

// What a server tells of itself: numbers (Metrics), and on demand a line of JSON for each event. A log has
// names of tokens, and never a token, a password, a query or what was sent. [any thread]
class ServiceWatch {
 public:
  // Gets one line without its end, one at a time. Empty: no log.
  using WriteLine = std::function<void(const std::string& line)>;

  explicit ServiceWatch(WriteLine log = {}) : log_(std::move(log)) {}

  void answered(const AnsweredRequest& request);
  // A call of JSON-RPC that came to an end; `code` 0: well, else as docs/json-rpc.md lists them.
  void called(std::string_view method, std::string_view client, int code, std::chrono::microseconds took);
  void rate_limited() { metrics_.rate_limited(); }
  // Begin and end, warnings. `level` is "info" or "warning".
  void said(std::string_view level, std::string_view message);

  bool has_log() const { return static_cast<bool>(log_); }
  fetchers::StoreCounts& store() { return store_; }
  std::string metrics() const { return metrics_.text(store_); }

 private:
  Metrics metrics_;
  fetchers::StoreCounts store_;
  WriteLine log_;
  std::mutex log_mutex_;
};

}  // namespace bibsmith::plugin
