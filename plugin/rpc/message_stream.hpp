#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "plugin/rpc/waiter.hpp"

namespace bibsmith::plugin {

// How messages are told apart: by "Content-Length: N" and an empty line before each (LSP 3.17, "Base
// Protocol"), or each on a line of its own.
enum class Framing : std::uint8_t { header, line };

inline constexpr std::size_t header_bytes_max = 8192;

// Why there is no further message.
struct StreamEnd {
  std::string problem;  // what is wrong with the stream, in one line; empty: it ended as it should
};

// Reads messages from a file descriptor. [one thread at a time]
class MessageReader {
 public:
  // `framing`: what is expected. Without it the first byte tells: '{' or '[' begins a line. Messages of more
  // than `bytes_max` bytes end the stream, because where the next one begins is not known then.
  MessageReader(int descriptor, std::size_t bytes_max) : descriptor_(descriptor), bytes_max_(bytes_max) {}
  MessageReader(int descriptor, std::size_t bytes_max, Framing framing)
      : descriptor_(descriptor), bytes_max_(bytes_max), framing_(framing), is_framing_known_(true) {}

  // Waits for the next message. A stop request ends the stream as its end does.
  tl::expected<std::string, StreamEnd> next(const std::stop_token& stop);

  // Known when the first message is read.
  Framing framing() const { return framing_; }

 private:
  bool fill(const std::stop_token& stop);  // false: the end
  bool find_framing(const std::stop_token& stop);
  tl::expected<std::string, StreamEnd> next_line(const std::stop_token& stop);
  tl::expected<std::string, StreamEnd> next_with_header(const std::stop_token& stop);
  tl::expected<std::size_t, StreamEnd> read_header(const std::stop_token& stop);

  int descriptor_;
  std::size_t bytes_max_;
  Framing framing_ = Framing::header;
  bool is_framing_known_ = false;
  Waiter waiter_;
  std::string chunk_;  // what one read() may bring
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is not taken yet
};

// The message with its frame.
std::string framed(std::string_view message, Framing framing);

// Writes all of it, however long the reader takes. false: the reader is gone, it is late, or `stop` was
// requested. The descriptor may be blocking: no write waits but in a way that a stop ends.
bool write_all(int descriptor, std::string_view bytes, const std::stop_token& stop,
               const Waiter::Deadline& deadline = {});

// Reads what is there into `chunk`, waiting for the first byte. The number of bytes; 0: the end, a failure,
// it is late, or `stop` was requested.
std::size_t read_some(int descriptor, std::string& chunk, Waiter& waiter, const std::stop_token& stop,
                      const Waiter::Deadline& deadline = {});

// Waits until nobody reads what is written to the descriptor any more. `events` of poll() that count too:
// POLLRDHUP, for TCP does not tell a client that is gone from one that has ended its sending. false: `stop`
// was requested first.
bool wait_for_hang_up(int descriptor, const std::stop_token& stop, short events = 0);

}  // namespace bibsmith::plugin
