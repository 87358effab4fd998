#include "plugin/http/file_events.hpp"

#include <condition_variable>
#include <mutex>

#include "plugin/session/file_look.hpp"
#include "plugin/session/fingerprint.hpp"

namespace bibsmith::plugin {

namespace {

using Clock = std::chrono::steady_clock;

std::string state_of(const FileLook& look) {
  if (!look.is_there) return "none";
  const std::string seen = std::to_string(look.inode) + ' ' + std::to_string(look.size) + ' ' +
                           std::to_string(look.time.tv_sec) + ' ' + std::to_string(look.time.tv_nsec);
  return hex_of(fingerprint_of(seen).hash);
}

// false: a stop was requested.
bool sleep_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

void tell_changes(const std::string& path, const EventPace& pace, const SendPiece& send,
                  const std::stop_token& stop) {
  FileLook seen = FileLook::at(path);
  std::string told = state_of(seen);
  bool goes_on = send("data: " + told + "\n\n");
  auto last_sent = Clock::now();
  while (goes_on && sleep_for(pace.looks, stop)) {
    const FileLook look = FileLook::at(path);
    const bool is_at_rest = look == seen;
    seen = look;
    const std::string state = state_of(look);
    std::string piece;
    if (is_at_rest && state != told) {
      piece = "data: " + state + "\n\n";
      told = state;
    } else if (Clock::now() - last_sent >= pace.heartbeat) {
      piece = ":\n\n";
    }
    if (piece.empty()) continue;
    goes_on = send(piece);
    last_sent = Clock::now();
  }
}

// One of the streams that there may be.
class Place {
 public:
  explicit Place(std::shared_ptr<std::atomic<std::size_t>> open)
      : open_(std::move(open)), number_(++*open_) {}
  ~Place() { --*open_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool is_free() const { return number_ <= event_streams_max; }

 private:
  std::shared_ptr<std::atomic<std::size_t>> open_;
  std::size_t number_;
};

}  // namespace

std::string state_of_file(const std::string& path) { return state_of(FileLook::at(path)); }

WebResponse FileEvents::stream(const std::string& path) const {
  const auto place = std::make_shared<const Place>(open_);
  if (!place->is_free()) return refusal_of(503, "too many pages are open");
  // nginx would wait for a whole buffer.
  WebResponse response{200, "text/event-stream", {}, {{"X-Accel-Buffering", "no"}}};
  response.stream = [place, path, pace = pace_](const SendPiece& send, const std::stop_token& stop) {
    tell_changes(path, pace, send, stop);
  };
  return response;
}

}  // namespace bibsmith::plugin
