#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"

namespace bibsmith::plugin {

inline constexpr std::size_t plugin_message_bytes_max = 16u << 20;
inline constexpr std::size_t plugin_lines_shown_max = 20;  // of what it tells, in its life
inline constexpr std::size_t plugin_requests_max = 1000;   // that it makes of the host during one call
inline constexpr std::size_t plugin_message_depth_max = 64;

// A program that speaks JSON-RPC 2.0 on standard input and output, a message a line, and is asked one thing
// at a time. It is killed with all that it started when it breaks the rules, takes too long, or is not needed
// any more. [one thread at a time]
class PluginProcess {
 public:
  // Answers what the plugin asks of the host: its result, or the reason why there is none.
  using Serve = std::function<tl::expected<nlohmann::ordered_json, FetchError>(
      const std::string& method, const nlohmann::ordered_json& parameters)>;
  // A line that it wrote to standard error, made printable.
  using Tell = std::function<void(std::string_view line)>;

  PluginProcess(const std::vector<std::string>& command, Tell tell);
  ~PluginProcess();
  PluginProcess(const PluginProcess&) = delete;
  PluginProcess& operator=(const PluginProcess&) = delete;

  // Why it cannot be asked any more, one line; empty: it can.
  const std::string& problem() const { return problem_; }

  // The result of a method. `time_limit` does not count the time in `serve`. A FetchError is what the plugin
  // said itself; where it broke a rule, problem() is set too.
  tl::expected<nlohmann::ordered_json, FetchError> call(const std::string& method,
                                                        const nlohmann::ordered_json& parameters,
                                                        std::chrono::milliseconds time_limit,
                                                        const Serve& serve, const std::stop_token& stop);

 private:
  using Result = tl::expected<nlohmann::ordered_json, FetchError>;
  enum class Waited : std::uint8_t { something, nothing, stopped };

  tl::unexpected<FetchError> break_off(const std::string& problem);
  void end();
  void send(const nlohmann::ordered_json& message);
  Waited wait(std::chrono::steady_clock::time_point deadline, int stop_descriptor);
  void write_some();
  void read_some();
  void read_errors();
  bool take_line(std::string& line);
  std::string how_it_ended();

  Tell tell_;
  pid_t process_ = -1;
  int in_ = -1;  // its standard input, a socket: writing to it raises no SIGPIPE
  int out_ = -1;
  int errors_ = -1;
  std::string to_send_;
  std::size_t sent_ = 0;
  std::string received_;
  std::size_t searched_ = 0;  // of what was received: no line end before this
  bool has_closed_ = false;
  std::string error_line_;
  std::size_t lines_told_ = 0;
  std::int64_t last_id_ = 0;
  std::string problem_;
};

// Text of a plugin on a terminal: one line, of at most 300 bytes, without control characters.
std::string printable_line(std::string_view text);

}  // namespace bibsmith::plugin
