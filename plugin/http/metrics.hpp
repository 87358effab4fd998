#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace bibsmith::fetchers {
struct StoreCounts;
}

namespace bibsmith::plugin {

// Upper bounds of the histogram of durations, in milliseconds.
inline constexpr std::array<std::int64_t, 12> duration_bounds_ms = {5,   10,   25,   50,   100,   250,
                                                                    500, 1000, 2500, 5000, 10000, 30000};

// What a server did since it started, as numbers. Nothing in them names a person, a paper or a file: labels
// are words of the program, so that there are few. [any thread]
class Metrics {
 public:
  // One request of HTTP. `path` is one that the server knows, or "other".
  void answered(std::string_view method, std::string_view path, int status, std::chrono::microseconds took);
  // One call of JSON-RPC. `method` is one that there is, or "other".
  void called(std::string_view method, bool is_good);
  void rate_limited();

  // prometheus.io/docs/instrumenting/exposition_formats, "Text-based format", version 0.0.4.
  std::string text(const fetchers::StoreCounts& store) const;

 private:
  struct Durations {
    std::array<std::uint64_t, duration_bounds_ms.size()> at_most{};  // each counts those of the ones before
    std::uint64_t count = 0;
    std::chrono::microseconds sum{};
  };

  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests_;  // method, path, status
  std::map<std::string, Durations, std::less<>> durations_;                      // by path
  std::map<std::pair<std::string, bool>, std::uint64_t> calls_;
  std::uint64_t rate_limited_ = 0;
};

}  // namespace bibsmith::plugin
