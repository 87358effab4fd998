#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace bibsmith::plugin {

inline constexpr std::size_t token_bytes_min = 32;
inline constexpr std::size_t token_bytes_max = 256;
inline constexpr std::size_t tokens_max = 10'000;

// Who may ask a server. The name is for its log alone.
struct ServiceToken {
  std::string name;
  std::string token;
};

// Lines of "NAME TOKEN"; blank ones and those that begin with '#' are skipped. A name has letters, digits and
// "._@-"; a token has those of RFC 6750, "b64token". A message never shows a token. Pure. [any thread]
tl::expected<std::vector<ServiceToken>, std::string> parse_tokens(std::string_view text);

// The same of a file, which nobody but its owner may read.
tl::expected<std::vector<ServiceToken>, std::string> read_tokens(const std::string& path);

// How often each of many clients may ask: so many times a minute, a sixth of them at once. [any thread]
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  // 0 a minute: no limit.
  RateLimit(std::size_t clients, unsigned a_minute);

  // nullopt: the client may ask, and did; else how long it has to wait.
  std::optional<Clock::duration> take(std::size_t client, Clock::time_point now);

 private:
  Clock::duration interval_{};  // between two requests, in the long run
  Clock::duration saved_max_{};
  std::mutex mutex_;
  std::vector<Clock::time_point> next_;  // of each client: when one that saved nothing may ask
};

}  // namespace bibsmith::plugin
