#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "plugin/http/http_message.hpp"

namespace bibsmith::plugin {

// Streams at one time, of all clients: half of the connections stay for all else.
inline constexpr std::size_t event_streams_max = 32;

struct EventPace {
  std::chrono::milliseconds looks{50};          // between two looks at a file
  std::chrono::milliseconds heartbeat{15'000};  // a proxy ends a connection on which nothing comes
};

// The state of a file as a word, which is another one after each change; of no file "none".
std::string state_of_file(const std::string& path);

// Tells pages when a file changed, as a stream of server-sent events (HTML standard, section 9.2.5): a line
// "data: STATE" with state_of_file() at once and after each change, when two looks have seen the same, and a
// comment now and then. One stream watches one file. [any thread]
class FileEvents {
 public:
  explicit FileEvents(EventPace pace) : pace_(pace), open_(std::make_shared<std::atomic<std::size_t>>(0)) {}

  // 503: there are as many streams as there may be.
  WebResponse stream(const std::string& path) const;

 private:
  EventPace pace_;
  std::shared_ptr<std::atomic<std::size_t>> open_;  // streams
};

}  // namespace bibsmith::plugin
