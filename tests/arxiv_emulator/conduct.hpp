#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bibsmith::emulator {

// How a client has behaved, by the rules of arXiv's terms of use for its APIs
// (info.arxiv.org/help/api/tou.html): one request every three seconds, one connection at a time.
struct ConductReport {
  std::size_t requests = 0;
  std::map<std::string, std::size_t> requests_by_endpoint;
  std::chrono::milliseconds interval{0};                 // the rule
  std::optional<std::chrono::milliseconds> spacing_min;  // between the starts of two requests
  std::size_t spacing_violations = 0;
  std::size_t retry_after_violations = 0;  // requests before the time that a Retry-After named
  std::size_t connections_max = 0;         // open at the same time
  std::size_t requests_max = 0;            // being answered at the same time
  std::map<std::string, std::size_t> user_agents;
  std::size_t undescriptive_user_agents = 0;  // requests with one
  std::size_t batch_max = 0;                  // ids in an id_list
  std::size_t url_bytes_max = 0;
  std::size_t repeated_requests = 0;  // the same as an earlier one that had been answered well
  std::map<int, std::size_t> answers_by_status;

  // What was broken, one line each; empty: polite.
  std::vector<std::string> broken_rules() const;
  bool is_polite() const { return broken_rules().empty(); }
  std::string text() const;
  std::string json() const;
};

// Takes notes of every request. [any thread]
class Conduct {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Request {
    std::string endpoint;  // "atom", "oai", …
    std::string method;
    std::string target;  // path and query; a form body is appended
    std::string user_agent;
    std::size_t batch = 0;
    std::size_t url_bytes = 0;
  };

  explicit Conduct(std::chrono::milliseconds interval);

  void connections_open(std::size_t count);
  void request_started(const Request& request, Time when);
  // `retry_after` is what the answer told the client to wait; `good`: a complete answer that was meant.
  void request_answered(const Request& request, int status, bool good,
                        std::optional<std::chrono::seconds> retry_after, Time when);

  ConductReport report() const;
  void forget();

 private:
  mutable std::mutex mutex_;
  ConductReport report_;
  std::optional<Time> last_start_;
  std::map<std::string, Time> not_before_;  // by endpoint: arXiv has them on hosts of their own
  std::size_t in_flight_ = 0;
  std::unordered_map<std::size_t, bool> answered_well_;  // by the hash of method and target
};

// Names a program and a way to reach its people: "bibsmith/0.1 (https://…)", "x/1 (mailto:me@example.org)".
// A library's default ("curl/7.88.1", "python-requests/2.31") is not descriptive.
bool is_descriptive(std::string_view user_agent);

// What a request may be early by: clocks and the way to the server shorten an interval that was kept.
std::chrono::milliseconds spacing_tolerance(std::chrono::milliseconds interval);

inline constexpr std::size_t remembered_requests_max = 100'000;
inline constexpr std::size_t remembered_user_agents_max = 100;

}  // namespace bibsmith::emulator
